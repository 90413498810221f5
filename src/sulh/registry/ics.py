"""An agenda as iCalendar (RFC 5545), which calendars import or subscribe to.

Each item is a whole-day event whose identifier stays the same from one file to the next, so that
a calendar updates it rather than adding it again. The stamp is the day asked about: the same
records give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard

from sulh.registry.agenda import Item
from sulh.registry.hijri import hijri

REMINDERS = (30, 7)
_PRODUCT = "-//sulh//registry//EN"


def calendar(items: Sequence[Item], as_of: dt.date, *, with_hijri: bool = False) -> bytes:
    """Return the items as the bytes of an ``.ics`` file.

    RFC 5545 (3.6) asks for one component at least: without items it is the time zone UTC, which
    no calendar shows, so that one which subscribed drops what is no longer due.
    """
    book = Calendar()
    book.add("prodid", _PRODUCT)
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", "Registry: what falls due")
    stamp = dt.datetime.combine(as_of, dt.time(), dt.UTC)
    for item in items:
        book.add_component(_event(item, stamp, with_hijri=with_hijri))
    if not items:
        book.add_component(_utc())
    return bytes(book.to_ical())


def _utc() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", dt.datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", dt.timedelta())
    standard.add("tzoffsetto", dt.timedelta())
    zone.add_component(standard)
    return zone


def _event(item: Item, stamp: dt.datetime, *, with_hijri: bool) -> Event:
    event = Event()
    event.add("uid", _identifier(item))
    event.add("dtstamp", stamp)
    event.add("dtstart", item.day)
    event.add("dtend", item.day + dt.timedelta(days=1))
    event.add("summary", f"{item.what}: {item.title}")
    event.add("description", "\n".join(_lines(item, with_hijri=with_hijri)))
    event.add("categories", [item.kind])
    event.add("transp", "TRANSPARENT")
    if item.day >= stamp.date():
        for days in REMINDERS:
            event.add_component(_alarm(item, days))
    return event


def _lines(item: Item, *, with_hijri: bool) -> list[str]:
    lines = [item.reason, f"Record: {item.kind} {item.record}", f"Nations: {item.nations}"]
    day = hijri(item.day) if with_hijri else None
    return [*lines, f"Source: {item.source}", *([f"Hijri: {day}"] if day else [])]


def _alarm(item: Item, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{item.what} in {days} days: {item.title}")
    alarm.add("trigger", dt.timedelta(days=-days))
    return alarm


def _identifier(item: Item) -> str:
    """Return the same identifier for the same thing due on the same day, late or not."""
    what = "due" if item.what == "overdue" else item.what
    seed = f"{item.kind}|{item.record}|{what}|{item.day}"
    return hashlib.sha256(seed.encode()).hexdigest()[:32] + "@sulh"
