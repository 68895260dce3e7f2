"""Says who at the agency answers for a client."""

from functions.pages.forms.drawing import Sheet, form_page, save_or_cancel, sheet_form
from functions.pages.forms.reading import LONGEST_NAME, Form
from functions.pages.forms.saying import Saying
from functions.pages.layout import PageContext
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.storage.records import Scored

SCOPE = "clients:write"


@dataclass(frozen=True, slots=True)
class OwnerForm:
    """`/clients/{client_id}/owner`."""

    saying: Saying

    def show(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET`: the form, with who it is now."""
        return self._draw(context, self.saying.visit(token, client_id, SCOPE))

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`POST`: describes the client so, and leads back to it. Nothing is told that stands already."""
        saying = self.saying
        scored = saying.admit(context, token, client_id, SCOPE)
        form = Form(context.request.form())
        form.drawn(saying.cards.clock())
        owner = form.line("owner", LONGEST_NAME, needed=True)
        if form.faults or owner is None:
            return self._draw(context, scored, form)
        if owner != scored.inputs.description.owner:
            saying.intake().take(saying.event(scored, "client.described", {"owner": owner}, form.id), token)
        return saying.saved(context, scored, ["owner", owner])

    def _draw(self, context: PageContext, scored: Scored, form: Form | None = None) -> Response:
        words, client = context.words, scored.inputs.client_id
        sheet = Sheet(words, form)
        return form_page(
            context,
            scored,
            words("owner_form"),
            words("owner_lead"),
            sheet.strip({"owner": words("owner_name")}),
            sheet_form(
                context.link(f"/clients/{client}/owner"),
                sheet.hidden_id(self.saying.cards.clock()),
                sheet.line(
                    "owner",
                    words("owner_name"),
                    scored.inputs.description.owner,
                    maxlength=LONGEST_NAME,
                    required=True,
                ),
                save_or_cancel(words("save"), context.link(f"/clients/{client}"), words),
            ),
        )
