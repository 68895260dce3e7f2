"""Draws the fields of a form: empty, with what is known, or as they came back with what was typed and what is wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus

from functions.pages.controls import button, described_by, fault_strip, field, link_button
from functions.pages.forms.reading import FORM, LONGEST_TEXT, Form, new_form_id
from functions.pages.layout import PageContext, page
from functions.pages.markup import Child, Markup, Value, tag
from functions.pages.sections import crumb, title_row
from shared.http.requests import Response
from shared.opmm.dataclass import dataclass
from shared.storage.records import Scored
from shared.texts.words import Words

WITHDRAW = "withdraw"
"""The act of the button that takes back what stands."""
Option = tuple[str, str]
"""What is chosen, and what it is called."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The fields of one form."""

    words: Words
    form: Form | None = None
    """As it came back; None where it is drawn for the first time."""
    prefix: str = ""
    """Begins the ids of the fields, where several forms stand on a page."""

    def id(self, name: str) -> str:
        """The id of a field, by which a fault leads to it."""
        return f"{self.prefix}{name}"

    def value(self, name: str, known: str | int | None = None) -> str:
        """What stands in a field: what was typed, else what is known."""
        if self.form is not None:
            return self.form.typed.get(name, "")
        return "" if known is None else str(known)

    def fault(self, name: str) -> str | None:
        """What is wrong with a field."""
        wrong = self.form.faults.get(name) if self.form else None
        return wrong.said(self.words) if wrong else None

    def marks(self, name: str) -> dict[str, Value]:
        """What tells those who hear the page that a field is wrong, and where that is said."""
        return {"aria_invalid": "true", "aria_describedby": described_by(self.id(name))} if self.fault(name) else {}

    def hidden_id(self, now: datetime) -> Markup:
        """The id of the form: a new one unless it came back as it was."""
        kept = self.form.id if self.form and FORM not in self.form.faults else ""
        return tag.input(type="hidden", name=FORM, value=kept or new_form_id(now))

    def line(
        self, name: str, label: str, known: str | int | None = None, *, hint: str | None = None, **attributes: Value
    ) -> Markup:
        """A field of one line, of whatever type."""
        control = tag.input(
            name=name,
            id=self.id(name),
            value=self.value(name, known),
            **self.marks(name),
            **{"type": "text", **attributes},
        )
        return field(label, control, id_=self.id(name), hint=hint, fault=self.fault(name))

    def area(self, name: str, label: str, known: str | None = None, *, hint: str | None = None) -> Markup:
        """A field of several lines."""
        control = tag.textarea(
            # A line break at the beginning is left out by browsers: this one, and none that was typed.
            f"\n{self.value(name, known)}",
            name=name,
            id=self.id(name),
            rows=5,
            maxlength=LONGEST_TEXT,
            **self.marks(name),
        )
        return field(label, control, id_=self.id(name), hint=hint, fault=self.fault(name))

    def select(self, name: str, label: str, options: Sequence[Option], known: str | None = None) -> Markup:
        """One of a few."""
        chosen = self.value(name, known)
        control = tag.select(
            (tag.option(text, value=value, selected=value == chosen) for value, text in options),
            name=name,
            id=self.id(name),
            **self.marks(name),
        )
        return field(label, control, id_=self.id(name), fault=self.fault(name))

    def box(self, name: str, label: str, *, known: bool = False, value: str = "1") -> Markup:
        """A box to check."""
        checked = bool(self.value(name)) if self.form else known
        return tag.label(
            tag.input(type="checkbox", name=name, value=value, checked=checked), tag.span(label), class_="box"
        )

    def radios(self, name: str, label: str, options: Sequence[Option], known: str | None = None) -> Markup:
        """One of a few, all in sight."""
        chosen, fault = self.value(name, known), self.fault(name)
        boxes = [
            tag.label(
                tag.input(type="radio", name=name, value=value, checked=value == chosen), tag.span(text), class_="box"
            )
            for value, text in options
        ]
        return tag.fieldset(
            tag.legend(label),
            tag.div(boxes, class_="boxes"),
            fault_below(fault, self.id(name)),
            id=self.id(name),
            class_="field wrong" if fault else "field",
        )

    def strip(self, names: Mapping[str, str]) -> Child:
        """That something is wrong, with a link to each field that is; nothing where all is well."""
        if self.form is None or not self.form.faults:
            return None
        whole = self.form.faults.get(FORM)
        if whole:
            return fault_strip(whole.said(self.words))
        places = [(names.get(name, self.words("fault_there")), self.id(name)) for name in self.form.faults]
        return fault_strip(self.words("faults"), places)


def fault_below(fault: str | None, id_: str) -> Child:
    """What is wrong with a group of fields."""
    return tag.p(fault, class_="fault", id=described_by(id_)) if fault else None


def form_page(context: PageContext, scored: Scored, title: str, lead: str, strip: Child, *content: Child) -> Response:
    """A page of one form, below the client that it is about; 422 where something is wrong with it."""
    description, client = scored.inputs.description, scored.inputs.client_id
    return page(
        context,
        f"{title}, {description.name}",
        tag.div(
            title_row(title, lead, above=crumb(description.name, context.link(f"/clients/{client}"))),
            strip,
            *content,
            class_="narrow",
        ),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if strip else HTTPStatus.OK,
    )


def sheet_form(action: str, *content: Child, class_: str = "sheet card") -> Markup:
    """A form that is sent to this address."""
    return tag.form(*content, method="post", action=action, class_=class_)


def save_or_cancel(label: str, back: str, words: Words, *, name: str | None = None, value: str | None = None) -> Markup:
    """What ends a form: the one filled button, and the way back without saving."""
    return tag.div(
        button(label, weight="filled", name=name, value=value), link_button(words("cancel"), back), class_="acts"
    )


def withdrawable(action: str, fact_id: str, said: str, words: Words, *content: Child) -> Markup:
    """A row of what stands, with a button that withdraws it; `said` tells those who hear the page which."""
    return tag.li(
        *content,
        sheet_form(
            action,
            tag.input(type="hidden", name="id", value=fact_id),
            tag.button(
                tag.span(words("goal_withdraw")),
                tag.span(f" {said}", class_="heard"),
                name="act",
                value=WITHDRAW,
                class_="button small",
            ),
            class_="",
        ),
    )
