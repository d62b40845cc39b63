"""Dates and times as the platform means them: in Asia/Tokyo, by Japan's business days.

Here: reading an instant (`instant`), months (`month`), Japan's holidays (`national`), business days and the deadlines
that follow from them (`business`).
Not here: the clock; whoever needs it asks it and passes the time in. Nor the operator's own closing days, which are
declared (`wpf_infra.model.closing`), nor what a date permits (`wpf_infra.policy`).
"""

from wpf_infra.calendar.business import BusinessCalendar, NoBusinessDay
from wpf_infra.calendar.instant import NOW_VARIABLE, TOKYO, instant
from wpf_infra.calendar.national import UnknownYear

__all__ = ["NOW_VARIABLE", "TOKYO", "BusinessCalendar", "NoBusinessDay", "UnknownYear", "instant"]
