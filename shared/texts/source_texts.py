"""The texts of the page about sources and what is parked of them, English and Dutch side by side."""

from collections.abc import Mapping

SOURCE_TEXTS: Mapping[str, tuple[str, str]] = {
    "sources": ("Sources", "Bronnen"),
    "sources_all": ("All sources", "Alle bronnen"),
    "sources_lead": (
        "The tools that send responses and head counts, and what becomes of what they send.",
        "De tools die antwoorden en aantallen sturen, en wat er wordt van wat ze sturen.",
    ),
    "sources_none": ("No source is set up yet.", "Er is nog geen bron ingericht."),
    "sources_to": (
        "Sources are set up with make sources; a page for each tool says how.",
        "Bronnen worden ingericht met make sources; voor elke tool is er een pagina.",
    ),
    "sources_lag": (
        "What came in the last minute may be missing here.",
        "Wat in de laatste minuut binnenkwam kan hier ontbreken.",
    ),
    "source_heard": ("last heard on {day}", "voor het laatst gehoord op {day}"),
    "source_never": ("never heard", "nooit gehoord"),
    "source_counts": ("in the last day {counts}", "in de laatste dag {counts}"),
    "source_parked": ("{count} parked", "{count} geparkeerd"),
    "source_parked_one": ("{count} parked", "{count} geparkeerd"),
    "source_looks": ("The client is found by", "De klant wordt gevonden met"),
    "source_shape": (
        "What one of these calls holds, without the values",
        "Wat een van deze oproepen bevat, zonder de waarden",
    ),
    "source_shapeless": ("It holds nothing that can be read.", "Er staat niets in dat te lezen is."),
    "outcome_accepted": ("{count} taken", "{count} opgenomen"),
    "outcome_duplicate": ("{count} known already", "{count} al bekend"),
    "outcome_superseded": ("{count} older than what is known", "{count} ouder dan wat bekend is"),
    "outcome_ignored": ("{count} of no concern", "{count} niet van belang"),
    "outcome_parked": ("{count} parked", "{count} geparkeerd"),
    "outcome_thin": ("{count} without contents", "{count} zonder inhoud"),
    "outcome_rejected": ("{count} not valid", "{count} niet geldig"),
    "outcome_refused": ("{count} refused", "{count} geweigerd"),
    "finding_refused": (
        "Every call of the last day was refused: has the tool the secret of the source?",
        "Elke oproep van de laatste dag is geweigerd: heeft de tool het geheim van de bron?",
    ),
    "finding_client_not_found": (
        "No call of the last day names a client where the source looks.",
        "Geen oproep van de laatste dag noemt een klant waar de bron kijkt.",
    ),
    "finding_only_parks": (
        "Nothing of the last day was taken as it came; it was parked.",
        "Niets van de laatste dag is meteen opgenomen; het is geparkeerd.",
    ),
    "finding_notifies": (
        "It tells only that something changed; nothing of that can be scored.",
        "Ze vertelt alleen dat er iets veranderd is; daar is geen score van te maken.",
    ),
    "parked_calls": ("Parked calls", "Geparkeerde oproepen"),
    "parked_none": ("Nothing is parked.", "Er is niets geparkeerd."),
    "parked_mend": (
        "Where a source looks stands in its document (make sources). Who is meant where nobody is named is said here.",
        "Waar een bron kijkt staat in haar document (make sources). Wie bedoeld is als niemand is genoemd, kan hier.",
    ),
    "parked_since": ("since {day}, received {count} times", "sinds {day}, {count} keer ontvangen"),
    "parked_since_one": ("since {day}, received once", "sinds {day}, één keer ontvangen"),
    "parked_client": ("It is about", "Het gaat over"),
    "parked_client_hint": ("the client, by name or id", "de klant, bij naam of id"),
    "parked_replay": ("Take it once more", "Neem nog eens op"),
    "parked_replay_all": ("Take all once more", "Neem alles nog eens op"),
    "parked_forget": ("Forget it", "Vergeet het"),
    "parked_names": ("What it holds", "Wat er in staat"),
    "parked_lost": (
        "That part of the list cannot be found; this is its beginning.",
        "Dat deel van de lijst is niet te vinden; dit is het begin.",
    ),
    "parked_more": ("More of them", "Meer ervan"),
    "parked_became": ("Done: {counts}.", "Gedaan: {counts}."),
    "parked_forgotten": ("It is gone.", "Het is weg."),
    "parked_gone": ("It was not there any more.", "Het was er niet meer."),
    "reason_not_readable": ("cannot be read", "is niet te lezen"),
    "reason_unknown_shape": ("is no call that the tool is known to send", "is geen oproep die van de tool bekend is"),
    "reason_unknown_client": ("names no client", "noemt geen klant"),
    "reason_ambiguous_client": ("names several clients", "noemt meer dan één klant"),
    "reason_client_not_allowed": (
        "is about a client of which the source may not tell",
        "gaat over een klant waarvan de bron niet mag vertellen",
    ),
    "reason_type_not_allowed": (
        "is of a sort that the source may not send",
        "is van een soort die de bron niet mag sturen",
    ),
    "reason_no_usable_score": ("has no rating from 0 to 10", "heeft geen cijfer van 0 tot 10"),
    "reason_not_valid": ("is not valid", "is niet geldig"),
    "reason_thin": ("tells only that something changed", "vertelt alleen dat er iets veranderd is"),
    "reason_handed_over": ("hands over the secret of the tool", "draagt het geheim van de tool over"),
}
