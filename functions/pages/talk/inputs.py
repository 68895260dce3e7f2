"""The controls of the form: boxes, choices and fields, each with its label and the fault below it."""

from collections.abc import Mapping, Sequence
from datetime import date

from functions.pages.controls import described_by
from functions.pages.icons import icon
from functions.pages.markup import Child, Markup, Value, tag
from functions.pages.talk.form import FieldFault, id_of
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.texts.words import Words, plain


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands in the fields, and what is wrong with them."""

    fields: Mapping[str, str]
    faults: Sequence[FieldFault]
    model: Model
    words: Words
    today: date

    def text(self, name: str) -> str:
        """What stands in a field."""
        return self.fields.get(name, "")

    def is_wrong(self, name: str) -> bool:
        """Whether anything is wrong with a field."""
        return any(fault.name == name for fault in self.faults)

    def fault(self, name: str) -> Child:
        """What is wrong with a field, to stand below it."""
        said = [self.said_of(fault) for fault in self.faults if fault.name == name]
        if not said:
            return None
        return tag.p(icon("alert"), tag.span(said[0]), class_="fault", id=described_by(id_of(name)))

    def said_of(self, fault: FieldFault) -> str:
        """A fault in words."""
        values = {
            key: self.words.day_of_year(value, self.today) if isinstance(value, date) else self._value(key, value)
            for key, value in fault.values.items()
        }
        return self.words(fault.key, **values)

    def place_of(self, fault: FieldFault) -> str:
        """Which field a fault is about: agreement 2, by when."""
        name = self.words(fault.place) if fault.place else self._value("question", fault.values["question"])
        if not fault.row:
            return str(name)
        return self.words("talk_row_place", row=fault.row, name=str(name)[:1].lower() + str(name)[1:])

    def _value(self, key: str, value: str | int | date) -> str:
        dimension = self.model.find(str(value)) if key == "question" else None
        if dimension:
            return dimension.name[self.words.language]
        return plain(value) if isinstance(value, int) else str(value)

    def hidden(self, *names: str) -> list[Markup]:
        """Fields that only we read."""
        return [tag.input(type="hidden", name=name, value=self.text(name)) for name in names]

    def input(self, name: str, *, type_: str = "text", **attributes: Value) -> Markup:
        """A field of one line, without its label."""
        return tag.input(
            type=type_, name=name, id=id_of(name), value=self.text(name) or None, **self._wrong(name), **attributes
        )

    def area(self, name: str, **attributes: Value) -> Markup:
        """A field of several lines, without its label. What follows the first line break is the text itself."""
        return tag.textarea(f"\n{self.text(name)}", name=name, id=id_of(name), **self._wrong(name), **attributes)

    def select(self, name: str, options: Sequence[tuple[str, str]]) -> Markup:
        """A list of which one is chosen."""
        chosen = self.text(name)
        return tag.select(
            (tag.option(text, value=value, selected=value == chosen) for value, text in options),
            name=name,
            id=id_of(name),
            **self._wrong(name),
        )

    def field(self, name: str, label: Child, control: Markup, class_: str = "") -> Markup:
        """A control with its label and its fault."""
        wrong = " wrong" if self.is_wrong(name) else ""
        return tag.div(
            tag.label(label, for_=id_of(name)), control, self.fault(name), class_=f"field{wrong} {class_}".strip()
        )

    def choice(self, name: str, value: str, text: Child, *, beside: Child = None, class_: str = "option") -> Markup:
        """One of several answers, as a card."""
        return tag.label(
            tag.input(
                type="radio",
                name=name,
                value=value,
                id=f"{id_of(name)}-{value or 'none'}",
                checked=self.text(name) == value,
                **self._wrong(name),
            ),
            tag.span(text),
            beside,
            class_=class_,
        )

    def tick(self, name: str, value: str, text: str) -> Markup:
        """A box that is ticked where its field has a value."""
        return tag.label(
            tag.input(type="checkbox", name=name, value=value, id=id_of(name), checked=name in self.fields),
            tag.span(text),
            class_="option",
        )

    def _wrong(self, name: str) -> dict[str, Value]:
        if not self.is_wrong(name):
            return {}
        return {"aria_invalid": "true", "aria_describedby": described_by(id_of(name))}


def keep_button(text: Child, value: str, class_: str, **attributes: Value) -> Markup:
    """A button that keeps what was filled in, whatever is wrong with it, and then does what its value says."""
    return tag.button(text, name="keep", value=value, class_=class_, formnovalidate=True, **attributes)
