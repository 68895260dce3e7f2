"""Who is the same person: several people write a name, each in their own way."""

from shared.opmm.slugs import case_folded


def person_key(name: str | None) -> str:
    """What stands for a person, in whatever case, form of Unicode and spaces the name is written; empty for nobody.

    Only to compare by: people see the name as somebody has written it, and nothing is stored under this.
    """
    return " ".join(case_folded(name or "").split())
