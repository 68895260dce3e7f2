"""Every fact behind one question of a client, page by page: nothing that counts is out of reach."""

from functions.pages.history_components import fact_rows
from functions.pages.layout import PageContext, page
from functions.pages.markup import tag
from functions.pages.sections import crumb, title_row
from shared.http.problems import NotFoundError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards

_ROWS = 50


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """What a question was answered with, the newest first."""

    access: Access
    cards: Cards

    def respond(self, context: PageContext, token: Token, client_id: str, question: str) -> Response:
        """`GET /clients/{client_id}/evidence/{question}`. Raises NotFoundError for what the model does not ask."""
        scored = self.access.scored(token, client_id)
        dimension, words, zone = self.cards.model.find(question), context.words, self.cards.zone
        if dimension is None:
            raise NotFoundError("The model does not ask this.")
        client, name = scored.inputs.client_id, scored.inputs.description.name
        purpose = f"facts {client} {question}"
        position = self.access.position(context.request, purpose)
        after = (position[0], int(position[1])) if position else None
        disclosure, client_facts = Disclosure.to(token, zone), self.cards.client_facts(scored)
        facts, following = client_facts.page(dimension, _ROWS, after, responses=disclosure.people)
        remarks = client_facts.remarks(facts) if facts and disclosure.people else {}
        cursor = self.access.cursor([following[0], str(following[1])] if following else None, purpose)
        rows, here = fact_rows(facts, remarks, dimension, zone, words), f"/clients/{client}/evidence/{question}"
        counted = dimension.kind == "nps" and not disclosure.people
        return page(
            context,
            f"{dimension.name[words.language]}, {name}",
            title_row(
                dimension.name[words.language],
                dimension.question[words.language],
                above=crumb(name, context.link(f"/clients/{client}")),
            ),
            tag.p(words("facts_counted"), class_="hint") if counted else None,
            tag.ul(rows, class_="facts long card") if rows else tag.p(words("no_facts"), class_="quiet"),
            tag.nav(
                tag.span(
                    tag.a(words("first_page"), href=context.link(here)) if position else None,
                    tag.a(words("older"), href=context.link(here, cursor=cursor), rel="next") if cursor else None,
                ),
                class_="pager",
                aria_label=words("pages"),
            )
            if position or cursor
            else None,
        )
