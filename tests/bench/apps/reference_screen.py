"""Three metrics, a table of a hundred rows and two charts, read from SQLite and written plainly."""

import os
import sqlite3

import altair as alt
import pandas as pd
import streamlit as st

st.title("Reference")
connection = sqlite3.connect(os.environ["BENCH_DATABASE"])
people = pd.read_sql("SELECT * FROM person ORDER BY name LIMIT 100", connection)
groups = pd.read_sql("SELECT grp, count(*) AS people FROM person GROUP BY grp", connection)
stages = pd.read_sql(
    "SELECT stage, grp, count(*) AS people FROM person GROUP BY stage, grp", connection
)
connection.close()

for column, (_, row) in zip(st.columns(3), groups.iterrows(), strict=True):
    column.metric(row["grp"], row["people"])
st.dataframe(people)
st.altair_chart(alt.Chart(groups).mark_bar().encode(x="people:Q", y="grp:N", color="grp:N"))
st.altair_chart(
    alt.Chart(stages)
    .mark_bar()
    .encode(x="stage:N", y="people:Q", color="grp:N", tooltip=["stage", "grp", "people"])
)
