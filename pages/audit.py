"""What was done, when and by whom; and whether the log is whole."""

import streamlit as st

from db.queries import audit
from pages.components import access, audit_log, heading, language, paging, store

viewer = access.require("audit")
t = language.translator()

heading.show("audit", t)
wanted = audit_log.filters(t)
audit_log.chain(t)

count = store.read(audit.count, wanted)
st.text(t("audit.found", count=count))
if count:
    first, last = paging.slice_of(count, "audit")
    entries = store.read(audit.events, wanted, offset=first, limit=last - first)
    audit_log.table(entries, t)
    paging.buttons(count, "audit", t)
else:
    st.text(t("audit.nothing"))
