"""What the pages share that make addresses for others to hold: form, faults, the box with the address, and the list."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, tzinfo
from http import HTTPStatus
from typing import Literal

from functions.pages.controls import button, described_by, fault_strip, saved_strip
from functions.pages.controls import field as labelled
from functions.pages.layout import PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.sections import Section, section_of
from shared.http.requests import Response
from shared.opmm.dataclass import dataclass
from shared.storage.issued import MOST_DAYS, Grant, Issued, is_id, new_id
from shared.texts.words import Words


@dataclass(frozen=True, slots=True)
class Asked:
    """What was filled in, as it was typed, with the fault of each field that has one."""

    fields: Mapping[str, str]
    form: str = field(default_factory=new_id)
    """Made when the form is drawn: sent twice, it makes one thing."""
    faults: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields[name]


def asked_in(form: Mapping[str, str], names: Sequence[str]) -> Asked:
    """What a form that was sent says in these fields."""
    return Asked({name: form.get(name, "").strip() for name in names}, form.get("form", "").strip())


@dataclass(frozen=True, slots=True)
class Issuing:
    """Draws what belongs to the making of one kind of thing, with the texts of that kind."""

    kind: Literal["link", "feed"]
    first: str
    """The field at which it is told that the form itself is used up."""
    words: Words

    def checked(self, asked: Asked, faults: Mapping[str, str | None]) -> Asked:
        """The same with what is wrong with each field; in a new form where its own is none of ours."""
        wrong = {name: fault for name, fault in faults.items() if fault is not None}
        if not is_id(asked.form):
            return self._anew(asked, wrong) if wrong else self.stale(asked)
        return replace(asked, faults=wrong)

    def stale(self, asked: Asked) -> Asked:
        """The same in a new form, as that which was sent has made something already."""
        return self._anew(asked, {self.first: self._text("stale")})

    def days_fault(self, days: str) -> str | None:
        """What is wrong with the days for which it is to hold."""
        whole = days.isascii() and days.isdigit() and len(days) <= len(str(MOST_DAYS))
        return None if whole and 1 <= int(days) <= MOST_DAYS else self._text("days_fault", most=MOST_DAYS)

    def form(self, asked: Asked, action: str, *fields: Child) -> Markup:
        """The form with these fields, and that of the days."""
        return tag.form(
            tag.input(type="hidden", name="form", value=asked.form),  # by which it makes one thing only
            *fields,
            self.line("days", asked, inputmode="numeric", maxlength=len(str(MOST_DAYS))),
            button(self._text("make"), weight="filled"),
            tag.p(self._text("note"), class_="hint"),
            method="post",
            action=action,
            class_="link-form",
        )

    def line(self, name: str, asked: Asked, **attributes: str | int) -> Markup:
        """A field for one line, which must be filled in."""
        marks = self._marks(name, asked)
        control = tag.input(id=self._id(name), name=name, value=asked[name], required=True, **marks, **attributes)
        hint = self._text(f"{name}_hint", most=MOST_DAYS)
        return labelled(self._text(name), control, id_=self._id(name), hint=hint, fault=asked.faults.get(name))

    def choice(self, name: str, offered: Sequence[tuple[str, str]], asked: Asked) -> Markup:
        """A field that offers values, each with its text."""
        options = [tag.option(text, value=value, selected=value == asked[name]) for value, text in offered]
        control = tag.select(options, id=self._id(name), name=name, **self._marks(name, asked))
        return labelled(self._text(name), control, id_=self._id(name), fault=asked.faults.get(name))

    def _marks(self, name: str, asked: Asked) -> dict[str, str]:
        """What tells those who hear the page that a field is wrong."""
        fault = described_by(self._id(name))
        return {"aria_invalid": "true", "aria_describedby": fault} if name in asked.faults else {}

    def made_box(self, saved: str, address: str, rows: int, use: Child = None) -> Markup:
        """What was made, with its address, which no list shows: the same form shows it again."""
        id_ = self._id("made")
        control = tag.textarea(address, id=id_, readonly=True, rows=rows, spellcheck="false")
        return tag.section(
            saved_strip(saved),
            labelled(self._text("copy"), control, id_=id_, hint=self._text("once")),
            use,
            class_="made-link",
            aria_label=self._text("copy"),
        )

    def made_line(self, grant: Grant, zone: tzinfo, today: date) -> Markup:
        """When it was made, by whom, and until when it holds."""
        made, until = (
            self.words.day_of_year(when.astimezone(zone).date(), today) for when in (grant.made_at, grant.until)
        )
        key = "row_by" if grant.made_by else "row"
        return tag.p(self._text(key, made=made, until=until, by=grant.made_by or ""), class_="hint")

    def held(self, rows: Sequence[Markup], note: str) -> Markup:
        """The section of what was made and has not ended."""
        content = tag.ul(rows, class_="rows") if rows else tag.p(self._text("none"), class_="quiet")
        return section_of(Section("held", self._text("held"), content, note=note, count=str(len(rows))))

    def respond(
        self, context: PageContext, title: str, parts: Sequence[Child], asked: Asked, made: Issued | None
    ) -> Response:
        """A page that makes something: what stands above, the faults, and its sections, which are the last part."""
        *above, sections = parts
        faults = [(self._text(name), self._id(name)) for name in asked.faults]
        drawn = page(
            context,
            title,
            *above,
            fault_strip(self._text("fault"), faults) if faults else None,
            tag.div(sections, class_="sections links"),
            status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        )
        about = {f"{self.kind}_id": made.id} if made else {}
        return Response(drawn.status, headers=drawn.headers, body=drawn.body, about=about)

    def _anew(self, asked: Asked, faults: Mapping[str, str]) -> Asked:
        return replace(asked, form=new_id(), faults=faults)

    def _text(self, key: str, **told: str | int) -> str:
        return self.words(f"{self.kind}s_{key}", **told)

    def _id(self, name: str) -> str:
        return f"{self.kind}-{name}"
