"""Every message that leaves: what was sent, what failed and why, what is to be handed over."""

from pages.components import access, heading, language

viewer = access.require("mail")
t = language.translator()
heading.show("mail", t)
