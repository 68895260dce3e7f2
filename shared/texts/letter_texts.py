"""The texts of the page that a client sees, and of the links that open it; English and Dutch side by side.

To the client "we" is both, and no word blames anybody.
"""

from collections.abc import Mapping

LETTER_TEXTS: Mapping[str, tuple[str, str]] = {
    "letter_next": ("Our next talk", "Ons volgende gesprek"),
    "letter_next_with": (
        "With {names}. We go through the questions together.",
        "Met {names}. We nemen de vragen samen door.",
    ),
    "letter_next_alone": ("We go through the questions together.", "We nemen de vragen samen door."),
    "letter_next_none": ("No talk is planned yet.", "Er is nog geen gesprek gepland."),
    "letter_next_missed": (
        "Our talk of {day} did not take place, and there is no new day yet.",
        "Ons gesprek van {day} ging niet door, en er is nog geen nieuwe datum.",
    ),
    "letter_next_ask": ("Ask {whom} for a day.", "Vraag {whom} om een dag."),
    "letter_add": ("Add to calendar", "Zet in agenda"),
    "letter_event": (
        "Talk about the partnership of {client} and {agency}",
        "Gesprek over het partnerschap van {client} en {agency}",
    ),
    "letter_aim_to_go": ("Goal: {points} by {day}, {left} to go", "Doel: {points} op {day}, nog {left} te gaan"),
    "letter_aim_reached": ("Goal: {points} by {day}, reached", "Doel: {points} op {day}, gehaald"),
    "letter_aim_expired": ("Our goal was {points} by {day}", "Ons doel was {points} op {day}"),
    "letter_aim_question": ("{name}: {points}", "{name}: {points}"),
    "letter_aim_label": (
        "{total} of {whole} points; the goal is {goal}",
        "{total} van de {whole} punten; het doel is {goal}",
    ),
    "letter_heads": (
        "{count} of the {working} consultants like working here",
        "{count} van de {working} consultants werken hier met plezier",
    ),
    "letter_heads_one": (
        "1 of the {working} consultants likes working here",
        "1 van de {working} consultants werkt hier met plezier",
    ),
    "letter_heads_all": (
        "All {count} consultants like working here",
        "Alle {count} consultants werken hier met plezier",
    ),
    "letter_heads_all_one": ("The one consultant likes working here", "De ene consultant werkt hier met plezier"),
    "letter_heads_only": (
        "{count} consultants work here; how many of them like it was not asked",
        "{count} consultants werken hier; hoeveel met plezier is niet gevraagd",
    ),
    "letter_heads_only_one": (
        "1 consultant works here; whether they like it was not asked",
        "1 consultant werkt hier; of dat met plezier is, is niet gevraagd",
    ),
    "letter_again": ("{day}; we ask it again in our talk", "{day}; we vragen het in het gesprek opnieuw"),
    "letter_again_alone": ("we ask it again in our talk", "we vragen het in het gesprek opnieuw"),
    "letter_no_people": (
        "You see counts, never who answered what.",
        "Je ziet aantallen, nooit wie wat antwoordde.",
    ),
    "letter_agreed": ("What we agreed", "Wat we hebben afgesproken"),
    "letter_does": ("{name} does", "{name} doet"),
    "letter_due": ("{who}, by {day}", "{who}, uiterlijk {day}"),
    "letter_due_alone": ("By {day}", "Uiterlijk {day}"),
    "letter_overdue": ("{who}, was to be done by {day}", "{who}, had {day} klaar moeten zijn"),
    "letter_overdue_alone": ("Was to be done by {day}", "Had {day} klaar moeten zijn"),
    "letter_nothing_open": ("Nothing open.", "Niets open."),
    "letter_nothing_agreed": (
        "Nothing yet. What we agree in a talk stands here, on both sides.",
        "Nog niets. Wat we in een gesprek afspreken staat hier, van beide kanten.",
    ),
    "letter_became": ("In the past year: {parts}.", "Het afgelopen jaar: {parts}."),
    "letter_kept": ("{count} agreements kept", "{count} afspraken nagekomen"),
    "letter_kept_one": ("1 agreement kept", "1 afspraak nagekomen"),
    "letter_late": ("{count} later than agreed", "{count} later dan afgesproken"),
    "letter_late_one": ("1 later than agreed", "1 later dan afgesproken"),
    "letter_failed": ("{count} that did not work out", "{count} niet gelukt"),
    "letter_failed_one": ("1 that did not work out", "1 niet gelukt"),
    "letter_about": ("What we talked about on {day}", "Waar we het op {day} over hadden"),
    "letter_then": ("Then {then}, now {now}", "Toen {then}, nu {now}"),
    "letter_then_moved": ("{name} from {before} to {after}", "{name} van {before} naar {after}"),
    "letter_no_summary": ("Nothing was written down for both.", "Er is niets voor allebei opgeschreven."),
    "letter_bubble": ("A speech bubble is a talk.", "Een tekstballon is een gesprek."),
    "letter_goal": ("goal {points}", "doel {points}"),
    "letter_ask": ("Questions? Ask {whom}.", "Vragen? Stel ze aan {whom}."),
    "letter_whom": ("{owner}, {agency}", "{owner}, {agency}"),
    "letter_here": (
        "This is what the client sees who opens their link: the same page, in counts, without what is internal.",
        "Dit ziet de klant die de eigen link opent: dezelfde pagina, in aantallen, zonder wat intern is.",
    ),
    # links that open it
    "links": ("Links for the client", "Links voor de klant"),
    "links_lead": (
        "Whoever has a link that is made here sees the page of {client}, and nothing else.",
        "Wie een link heeft die hier gemaakt is ziet de pagina van {client}, en niets anders.",
    ),
    "links_new": ("A new link", "Een nieuwe link"),
    "links_name": ("For whom", "Voor wie"),
    "links_name_hint": ("a person at the client", "iemand bij de klant"),
    "links_name_fault": (
        "Say for whom it is, in {most} characters at most.",
        "Zeg voor wie hij is, in hoogstens {most} tekens.",
    ),
    "links_days": ("Days", "Dagen"),
    "links_days_hint": ("{most} at most", "hoogstens {most}"),
    "links_days_fault": (
        "A whole number from 1 to {most}.",
        "Een heel getal van 1 tot en met {most}.",
    ),
    "links_stale": (
        "This form has made a link already. Press the button once more for another one.",
        "Met dit formulier is al een link gemaakt. Druk nog een keer op de knop voor een andere.",
    ),
    "links_make": ("Make the link", "Maak de link"),
    "links_note": (
        "Share it as you would a password. It is written down who made it, for whom and until when.",
        "Deel hem zoals een wachtwoord. Er wordt bijgehouden wie hem maakte, voor wie en tot wanneer.",
    ),
    "links_fault": ("No link was made yet:", "Er is nog geen link gemaakt:"),
    "links_made": (
        "Made. The link for {name} opens the page until {day}.",
        "Gemaakt. De link voor {name} opent de pagina tot {day}.",
    ),
    "links_copy": ("The link", "De link"),
    "links_once": ("copy it now: no list shows it later", "kopieer hem nu: geen lijst toont hem later"),
    "links_held": ("Links that have not ended", "Links die nog lopen"),
    "links_none": ("Nobody has one.", "Niemand heeft er een."),
    "links_end": (
        "To end one, an operator runs make revoke with its id: no page can.",
        "Een beheerder beëindigt er een met make revoke en de id: een pagina kan dat niet.",
    ),
    "links_row": ("made {made}, until {until}", "gemaakt {made}, tot {until}"),
    "links_row_by": ("made {made} by {by}, until {until}", "gemaakt {made} door {by}, tot {until}"),
    "links_anybody": ("whoever holds it", "wie hem heeft"),
    "links_open": ("open", "open"),
    "links_withdrawn": ("withdrawn", "ingetrokken"),
    "links_void": ("void: its key counts no more", "vervallen: de sleutel telt niet meer"),
    "links_ended": ("ended", "verlopen"),
}
"""A key that ends in `_one` is its text in the singular."""
