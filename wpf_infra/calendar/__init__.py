"""Dates and times as the platform means them: in Asia/Tokyo, by Japan's business days.

Here: reading an instant (`instant`), business days and the dates that follow from them (`business`), months (`month`).
Not here: the clock; whoever needs it asks it and passes the time in. Nor the operator's own closing days, which are
declared (`wpf_infra.model.closing`), nor what a date permits (`wpf_infra.policy`).
"""

from wpf_infra.calendar.instant import NOW_VARIABLE, TOKYO, instant

__all__ = ["NOW_VARIABLE", "TOKYO", "instant"]
