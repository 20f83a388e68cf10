"""What people expected of the product, for administrators."""

from pages.components import access, heading, language

viewer = access.require("feedback")
t = language.translator()
heading.show("feedback", t)
