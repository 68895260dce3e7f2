"""The texts of what goes out: digests and alerts, as `page_texts` has them."""

from collections.abc import Mapping

MESSAGE_TEXTS: Mapping[str, tuple[str, str]] = {
    # the digest
    "digest_title": ("Partnerships, {since} to {until}", "Partnerschappen, {since} t/m {until}"),
    "digest_title_day": ("Partnerships, {until}", "Partnerschappen, {until}"),
    "digest_number": (
        "{average} of {max} points on average over {count} clients, {moved}.",
        "Gemiddeld {average} van {max} punten over {count} klanten, {moved}.",
    ),
    "digest_number_one": ("{average} of {max} points, {moved}.", "{average} van {max} punten, {moved}."),
    "digest_up": ("{points} more than before", "{points} meer dan ervoor"),
    "digest_down": ("{points} less than before", "{points} minder dan ervoor"),
    "digest_level": ("as before", "zoals ervoor"),
    "digest_no_clients": ("There are no active clients.", "Er zijn geen actieve klanten."),
    "digest_no_news": ("Nothing new.", "Geen nieuws."),
    "digest_pauses": (
        "That makes {number} digests in a row without news: the next one comes when there is some.",
        "Dat zijn {number} overzichten op rij zonder nieuws: het volgende komt als er weer nieuws is.",
    ),
    "digest_falls": ("Fell", "Gedaald"),
    "digest_rises": ("Rose", "Gestegen"),
    "digest_answered": ("First answers", "Eerste antwoorden"),
    "digest_talks": ("Talks to have", "Gesprekken te voeren"),
    "digest_agreements": ("Agreements", "Afspraken"),
    "digest_stale": ("Answers that grow out of date", "Antwoorden die verouderen"),
    "digest_coming": ("What time alone will do", "Wat de tijd vanzelf doet"),
    "digest_silent": ("Sources that fell silent", "Bronnen die zijn stilgevallen"),
    "digest_undelivered": ("Messages that do not arrive", "Berichten die niet aankomen"),
    "digest_also": ("Also", "Verder"),
    "digest_moved": (
        "{name}: {points}, to {total} of {max}. {why}.",
        "{name}: {points}, naar {total} van {max}. {why}.",
    ),
    "digest_moved_questions": ("{questions}, by {causes}", "{questions}, door {causes}"),
    "digest_moved_alone": ("By {causes}", "Door {causes}"),
    "digest_question": ("{name} {before} to {after}", "{name} {before} naar {after}"),
    "digest_unknown": ("unanswered", "onbeantwoord"),
    "digest_first": ("{name}: {questions}. {total} of {max} in all.", "{name}: {questions}. Samen {total} van {max}."),
    "digest_answer": ("{name} {points}", "{name} {points}"),
    "digest_talk": ("{name}: {reason}", "{name}: {reason}"),
    "digest_talk_planned": ("A talk is planned for {day}.", "Er is een gesprek gepland op {day}."),
    "digest_talk_not_planned": ("No talk is planned.", "Er is geen gesprek gepland."),
    "digest_late": ("{name}: {title}, {days} days late ({side})", "{name}: {title}, {days} dagen te laat ({side})"),
    "digest_late_one": ("{name}: {title}, 1 day late ({side})", "{name}: {title}, 1 dag te laat ({side})"),
    "digest_due": ("{name}: {title}, by {day} ({side})", "{name}: {title}, uiterlijk {day} ({side})"),
    "digest_on_day": ("{name}: {text}, {day}", "{name}: {text}, {day}"),
    "digest_source": ("{source}: nothing for {days} days", "{source}: al {days} dagen niets"),
    "digest_source_one": ("{source}: nothing for 1 day", "{source}: al 1 dag niets"),
    "digest_source_never": ("{source}: never heard", "{source}: nooit iets ontvangen"),
    "digest_more": ("And {count} more.", "En nog {count}."),
    "digest_told_late": (
        "{count} changes tell of what happened more than a week before, as imports do.",
        "{count} wijzigingen gaan over wat meer dan een week eerder gebeurde, zoals bij een import.",
    ),
    "digest_told_late_one": (
        "1 change tells of what happened more than a week before, as imports do.",
        "1 wijziging gaat over wat meer dan een week eerder gebeurde, zoals bij een import.",
    ),
    "digest_remade": (
        "{count} scores were made anew, by another model, a repair or an erasure.",
        "{count} scores zijn opnieuw gemaakt, door een ander model, herstel of wissing.",
    ),
    "digest_remade_one": (
        "1 score was made anew, by another model, a repair or an erasure.",
        "1 score is opnieuw gemaakt, door een ander model, herstel of wissing.",
    ),
    "by_new": ("a new answer", "een nieuw antwoord"),
    "by_correction": ("a corrected answer", "een gecorrigeerd antwoord"),
    "by_retraction": ("an answer that was withdrawn", "een ingetrokken antwoord"),
    "by_window": ("the passing of time", "het verstrijken van de tijd"),
    "by_model": ("another model", "een ander model"),
    "by_rebuild": ("a repair", "herstel"),
    "by_erasure": ("an erasure", "een wissing"),
    # alerts
    "alert_fell": ("{name} fell {points}, to {total} of {max}", "{name} is {points} gedaald, naar {total} van {max}"),
    "alert_low": ("{name}: {question} is at {points}", "{name}: {question} staat op {points}"),
    "alert_detractor": ("{name}: a detractor said why", "{name}: een criticaster zei waarom"),
    "alert_detractor_gave": (
        "{name}: somebody gave a {score} and said why",
        "{name}: iemand gaf een {score} en zei waarom",
    ),
    "alert_comment": ("In their words: {comment}", "In hun woorden: {comment}"),
    "alert_once": (
        "Whatever else happens here within a day stands in the digest.",
        "Wat hier binnen een dag verder gebeurt, staat in het overzicht.",
    ),
    "change_title": ("{name}: {before} to {after}", "{name}: {before} naar {after}"),
    # signals
    "signal_talk_due": ("{name}: a talk is due", "{name}: tijd voor een gesprek"),
    "signal_talk_missed": ("{name}: the talk of {day} was not held", "{name}: het gesprek van {day} is niet gevoerd"),
    "signal_action_missed": (
        "{name}: an agreement that was due {day} was not kept",
        "{name}: een afspraak voor {day} is niet nagekomen",
    ),
    "signal_answer_stale": ("{name}: {question} is out of date", "{name}: {question} is verouderd"),
}
