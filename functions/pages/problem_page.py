"""What went wrong, as a page. It says no more than the status: a client that is not granted looks like none at all."""

from functions.pages.layout import page
from functions.pages.markup import tag
from functions.pages.page_context import PageContext
from shared.http.problems import ProblemError
from shared.http.requests import Request, Response

_TOLD = {401, 403, 404}
_OURS = 500


def problem_page(request: Request, problem: ProblemError) -> Response:
    """The answer to a request for a page that cannot be answered; its own headers stay."""
    visit, status = PageContext(request), problem.status.value
    words = visit.words
    kind = str(status) if status in _TOLD else "other"
    text = words("5xx_text") if status >= _OURS else words(f"{kind}_text")
    title = words(f"{kind}_title")
    answer = page(visit, title, tag.section(tag.h1(title), tag.p(text), class_="notice"), status=status)
    kept = {name: value for name, value in problem.headers.items() if name != "WWW-Authenticate"}
    return Response(status, headers={**answer.headers, **kept}, body=answer.body)
