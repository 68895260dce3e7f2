"""The texts of the form of a talk, English and Dutch side by side.

A key that ends in `_one` is its text in the singular.
"""

from collections.abc import Mapping

TALK_TEXTS: Mapping[str, tuple[str, str]] = {
    "talk_title": ("Talk with {name}", "Gesprek met {name}"),
    "talk_leave": ("Keep this and leave", "Bewaar dit en ga weg"),
    "talk_kept": ("Kept at {at}, seen by you only", "Bewaard om {at}, alleen voor jou te zien"),
    "talk_start_over": ("Start over", "Begin opnieuw"),
    "talk_was_planned": ("Planned for {day}.", "Gepland op {day}."),
    "talk_not_held": ("It was planned for {day} and not held yet.", "Het was gepland op {day} en nog niet gevoerd."),
    "talk_was_held": (
        "Held on {day}. What you save here takes the place of what was saved before.",
        "Gevoerd op {day}. Wat je hier opslaat, komt in de plaats van wat er eerder is opgeslagen.",
    ),
    "talk_is_another": ("It is another talk", "Het is een ander gesprek"),
    "talk_beside": ("Beside the talk", "Naast het gesprek"),
    # who
    "talk_part_who": ("Who was there", "Wie erbij waren"),
    "talk_held": ("Held on", "Gevoerd op"),
    "talk_people": ("At the table", "Aan tafel"),
    "talk_someone_else": ("Someone else", "Iemand anders"),
    "talk_someone_hint": (
        "Several others: with commas between their names.",
        "Meer anderen: met komma's tussen hun namen.",
    ),
    # the questions
    "talk_part_questions": ("The {number} questions, together", "De {number} vragen, samen"),
    "talk_part_questions_one": ("The question, together", "De vraag, samen"),
    "talk_part_questions_note": (
        "what you leave on \N{LEFT DOUBLE QUOTATION MARK}not discussed\N{RIGHT DOUBLE QUOTATION MARK} keeps its date",
        "wat op \N{LEFT DOUBLE QUOTATION MARK}niet besproken\N{RIGHT DOUBLE QUOTATION MARK} blijft, houdt zijn datum",
    ),
    "talk_undiscussed": ("Not discussed", "Niet besproken"),
    "talk_still": ("{text}, still so", "{text}, nog steeds"),
    "talk_points": ("points", "punten"),
    "talk_now": ("Now:", "Nu:"),
    "talk_these": ("These:", "Deze:"),
    "talk_working": ("work there", "werken er"),
    "talk_happy": ("are happy", "zijn blij"),
    "talk_happy_of": ("{happy} of {working}", "{happy} van {working}"),
    "talk_another": ("Another", "Nog een"),
    "talk_number_or_names": ("A number, or names with commas", "Een aantal, of namen met komma's"),
    "talk_from_survey": ("Comes from the survey.", "Komt uit de enquête."),
    "talk_from_survey_counts": ("Comes from the survey: {parts}.", "Komt uit de enquête: {parts}."),
    # agreements
    "talk_part_agreed": ("What you agree", "Wat jullie afspreken"),
    "talk_part_agreed_note": ("up to five; an empty row is left out", "hoogstens vijf; een lege rij telt niet mee"),
    "talk_will_be_done": ("What will be done", "Wat er gaat gebeuren"),
    "talk_row": ("agreement {row}", "afspraak {row}"),
    "talk_row_what": ("Agreement {row}: what will be done", "Afspraak {row}: wat er gaat gebeuren"),
    "talk_row_place": ("agreement {row}, {name}", "afspraak {row}, {name}"),
    "talk_what": ("What will be done", "Wat er gaat gebeuren"),
    "talk_side": ("Whose side", "Welke kant"),
    "talk_agency": ("Agency", "Bureau"),
    "talk_client": ("Client", "Klant"),
    "talk_who": ("Who", "Wie"),
    "talk_due": ("By when", "Uiterlijk"),
    "talk_moves": ("Should move", "Moet bewegen"),
    "talk_no_question": ("No question in particular", "Geen vraag in het bijzonder"),
    "talk_to": ("{name} to {points}", "{name} naar {points}"),
    "talk_take_over": ("Take over from what would help most", "Neem over van wat het meest zou helpen"),
    "talk_another_row": ("Another row", "Nog een rij"),
    # the next talk, and the texts
    "talk_part_next": ("When you talk again", "Wanneer jullie weer praten"),
    "talk_next": ("Next talk", "Volgend gesprek"),
    "talk_in_months": ("in {months} months", "over {months} maanden"),
    "talk_next_planned": (
        "Planned for {day} already; another day here moves it.",
        "Al gepland op {day}; een andere dag hier verplaatst het.",
    ),
    "talk_before": (
        "before {day}, when {name} loses {points}",
        "voor {day}, want dan verliest {name} {points}",
    ),
    "talk_part_texts": ("What you write down", "Wat je opschrijft"),
    "talk_summary": ("Both may read this", "Dit mogen beiden lezen"),
    "talk_summary_note": ("The client sees it through their link.", "De klant ziet het via de eigen link."),
    "talk_internal": ("Stays inside the agency", "Blijft binnen het bureau"),
    "talk_internal_note": ("The client never sees this.", "De klant ziet dit nooit."),
    # beside it
    "talk_topics": ("To talk about", "Om over te praten"),
    "talk_open": ("Still open", "Nog open"),
    "talk_nothing_open": ("No agreement is open.", "Er staat geen afspraak open."),
    "talk_with_answers": ("With these answers", "Met deze antwoorden"),
    "talk_counted": ("Counted when you last kept.", "Geteld toen je het laatst bewaarde."),
    "talk_goal": ("Goal {points} by {day}: {count} to go.", "Doel {points} uiterlijk {day}: nog {count} te gaan."),
    "talk_goal_one": ("Goal {points} by {day}: 1 to go.", "Doel {points} uiterlijk {day}: nog 1 te gaan."),
    "talk_goal_reached": ("Goal {points}: reached.", "Doel {points}: gehaald."),
    # the bar below
    "talk_at_once": (
        "Saved as one: the answers, the agreements, the next date and both texts.",
        "Als één geheel opgeslagen: de antwoorden, de afspraken, de volgende datum en beide teksten.",
    ),
    "talk_keep": ("Keep for later", "Bewaar voor later"),
    "talk_save": ("Save the talk", "Sla het gesprek op"),
    "talk_saved": ("The talk is saved.", "Het gesprek is opgeslagen."),
    "talk_saved_same": (
        "The talk is saved. The total stays {after}.",
        "Het gesprek is opgeslagen. Het totaal blijft {after}.",
    ),
    "talk_saved_moved": (
        "The talk is saved. {before} to {after}: it shows within a few seconds.",
        "Het gesprek is opgeslagen. Van {before} naar {after}: na enkele tellen te zien.",
    ),
    # what is in the way
    "talk_to_mend": (
        "Not saved yet, {number} things to mend; everything you typed is still here:",
        "Nog niet opgeslagen, {number} dingen te herstellen; alles wat je typte staat er nog:",
    ),
    "talk_to_mend_one": (
        "Not saved yet, one thing to mend; everything you typed is still here:",
        "Nog niet opgeslagen, één ding te herstellen; alles wat je typte staat er nog:",
    ),
    "talk_newer": (
        "Not kept: another window kept a newer draft of this talk at {at}. Keep or save again to put this one over it.",
        (
            "Niet bewaard: een ander venster bewaarde om {at} een nieuwere versie. "
            "Bewaar of sla nog eens op om die te vervangen."
        ),
    ),
    "talk_newer_unknown": (
        "Not kept: another window kept this talk meanwhile. Keep or save again to put this one over it.",
        "Niet bewaard: een ander venster bewaarde dit gesprek intussen. Bewaar of sla nog eens op om dat te vervangen.",
    ),
    "talk_told_by": (
        "Not saved yet: {name} has saved this talk meanwhile. Save again to put yours in its place.",
        "Nog niet opgeslagen: {name} heeft dit gesprek intussen opgeslagen. Sla nog eens op om het te vervangen.",
    ),
    "talk_told_meanwhile": (
        "Not saved yet: somebody has saved this talk meanwhile. Save again to put yours in its place.",
        "Nog niet opgeslagen: iemand heeft dit gesprek intussen opgeslagen. Sla nog eens op om het te vervangen.",
    ),
    "talk_not_taken": (
        "Not saved: something in it cannot be taken. Everything you typed is still here.",
        "Niet opgeslagen: iets erin kan niet worden aangenomen. Alles wat je typte staat er nog.",
    ),
    "talk_look": ("Look at it", "Bekijk het"),
    "talk_typed_since": (
        "Typed in this browser and not kept:",
        "In deze browser getypt en niet bewaard:",
    ),
    "talk_take_back": ("Take it back", "Haal het terug"),
    "talk_throw_away": ("Throw it away", "Gooi het weg"),
    "talk_no_day": ("Fill in a day.", "Vul een dag in."),
    "talk_bad_day": ("This is no day, such as 2026-12-03.", "Dit is geen dag, zoals 2026-12-03."),
    "talk_future": (
        "A talk of a later day is planned, not held.",
        "Een gesprek op een latere dag is gepland, niet gevoerd.",
    ),
    "talk_many_people": ("At most {most} people are kept.", "Er worden hoogstens {most} mensen bewaard."),
    "talk_no_name": (
        "At most {most} letters, with a sign to be seen and on one line.",
        "Hoogstens {most} letters, met iets wat te zien is en op één regel.",
    ),
    "talk_no_choice": ("Choose one of these.", "Kies een van deze."),
    "talk_undecided": (
        (
            "Something is filled in here that says \N{LEFT DOUBLE QUOTATION MARK}not discussed"
            "\N{RIGHT DOUBLE QUOTATION MARK}. Choose one of both."
        ),
        (
            "Hier is iets ingevuld terwijl er \N{LEFT DOUBLE QUOTATION MARK}niet besproken"
            "\N{RIGHT DOUBLE QUOTATION MARK} staat. Kies een van beide."
        ),
    ),
    "talk_no_number": ("Fill in a whole number, at most {most}.", "Vul een heel getal in, hoogstens {most}."),
    "talk_happier": ("More are happy than work there.", "Er zijn er meer blij dan er werken."),
    "talk_no_names": ("Fill in a number or names.", "Vul een aantal of namen in."),
    "talk_unsaid": (
        "An answer of this talk can be corrected. To take back all of them is not possible: leave one.",
        "Een antwoord van dit gesprek kan anders. Alle terugnemen kan niet: laat er een staan.",
    ),
    "talk_no_title": ("Say what will be done.", "Zeg wat er gaat gebeuren."),
    "talk_due_early": (
        "By when lies before the talk of {day}.",
        "Uiterlijk ligt voor het gesprek van {day}.",
    ),
    "talk_next_early": (
        "The next talk lies after this one and after today.",
        "Het volgende gesprek is na dit en na vandaag.",
    ),
    "talk_long": ("At most {most} letters are kept.", "Er worden hoogstens {most} letters bewaard."),
}
