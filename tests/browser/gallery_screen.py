"""Run by Streamlit, not imported: see gallery.py."""

from datetime import date, time

import altair as alt
import pandas as pd
import streamlit as st

TABLE = pd.DataFrame({"name": ["أمل", "John"], "people": [3, 5]})


@st.dialog("حوار")
def dialog() -> None:
    st.text_input("الاسم", key="in_dialog")


st.set_page_config(layout="wide")
st.navigation([st.Page(lambda: None, title=each, url_path=each) for each in ("start", "other")])
st.sidebar.selectbox("المبادرة", ["أ", "ب"], key="initiative")
with st.sidebar.container(key="frame_foot"):
    st.button("تسجيل الخروج", key="sign_out")
st.title("عنوان")
st.caption("جملة")
st.text("نص")
st.text("In English.")
st.tabs(["أول", "ثان"])
st.page_link("https://example.org", label="رابط")
st.info("معلومة")
st.markdown("- واحد\n- اثنان")
st.metric("الحضور", "23", "-2 %")
st.date_input("التاريخ", date(2026, 11, 21), key="date")
st.time_input("الوقت", time(16, 20), key="time")
st.slider("النطاق", 0, 100, 20, key="slider")
st.text_area("الوصف", key="text_area")
st.segmented_control("العرض", ["أول", "ثان", "ثالث"], default="ثان", key="segments")
st.dataframe(TABLE, key="grid")
st.table(TABLE)
st.altair_chart(alt.Chart(TABLE).mark_bar().encode(x="people", y="name"))
st.code("a = 1")
with st.container(key="mail_text"):
    st.code("تحية \u2068Grace\u2069\nHello ندى\n\u200fالمكان: Hall", language=None, wrap_lines=True)
st.json({"a": 1})
st.tabs(["الأول", "الثاني"])
st.segmented_control("عرض", ["قائمة", "رسم"], default="قائمة", key="view")
st.file_uploader("ملف", key="file")
with st.expander("المزيد"):
    st.text("تفاصيل")
with st.container(horizontal=True), st.popover("خيارات", key="options"):
    st.text("تفاصيل")
with st.form("form"):
    st.text_input("بحث", help="اسم", key="search")
    st.form_submit_button("بحث")
if st.button("حوار", key="open_dialog"):
    st.toast("تم الحفظ", duration="long")
    dialog()
