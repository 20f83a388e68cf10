"""Lengths of time in words."""

from convening.i18n import Translator


def in_words(minutes: int, t: Translator) -> str:
    """Whole minutes as hours and minutes: "45 minutes", "2 hours", "2 hours 15 minutes"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return t("duration.minutes", count=rest)
    if not rest:
        return t("duration.hours", count=hours)
    return t(
        "duration.both",
        hours=t("duration.hours", count=hours),
        minutes=t("duration.minutes", count=rest),
    )


def after_start(minutes: int) -> str:
    """How long after the start something begins, as a clock counts it: "+0:00", "+1:35"."""
    return f"+{minutes // 60}:{minutes % 60:02d}"
