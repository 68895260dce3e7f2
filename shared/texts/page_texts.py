"""The texts of the pages, English and Dutch side by side; what the model says stands in the model.

A key that ends in `_one` is its text in the singular.
"""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "value_band": ("{band}; only the row of the table is known", "{band}; alleen de rij van de tabel is bekend"),
    # every page
    "product": ("Online Partner Maturity Model", "Online Partner Maturity Model"),
    "skip": ("Skip to the content", "Naar de inhoud"),
    "menu": ("Pages", "Pagina's"),
    "language": ("Language", "Taal"),
    "portfolio": ("Portfolio", "Portfolio"),
    "model": ("The model", "Het model"),
    "sign_out": ("Sign out", "Uitloggen"),
    "stale": ("out of date", "verouderd"),
    "undescribed": ("not described", "niet beschreven"),
    "unanswered": ("not answered yet", "nog niet beantwoord"),
    "of": ("of {whole}", "van de {whole}"),
    "numbers": ("The numbers", "De cijfers"),
    "made": (
        "Computed from what was told up to {day}. Nothing is extrapolated: what nobody has answered has no points.",
        (
            "Berekend uit wat er tot en met {day} is gemeld. Niets is geschat: wat niemand heeft "
            "beantwoord, heeft geen punten."
        ),
    ),
    # the portfolio
    "client": ("Client", "Klant"),
    "total": ("Total", "Totaal"),
    "moved": ("{days} days", "{days} dagen"),
    "changed": ("Changed", "Gewijzigd"),
    # a client
    "as_of": ("Scorecard of {day}", "Scorekaart van {day}"),
    "ended": ("ended", "beëindigd"),
    "points_of": ("of {whole} points", "van de {whole} punten"),
    "complete": ("All {number} answered", "Alle {number} beantwoord"),
    "complete_one": ("Answered", "Beantwoord"),
    "since": (
        "in {days} days, {before} \N{RIGHTWARDS ARROW} {after}",
        "in {days} dagen, {before} \N{RIGHTWARDS ARROW} {after}",
    ),
    "unmoved": ("unchanged in {days} days", "onveranderd in {days} dagen"),
    "reasons": ("Why talk", "Waarom praten"),
    "questions": ("The {number} questions", "De {number} vragen"),
    "questions_one": ("The question", "De vraag"),
    "radar": ("Points for each question: {points}.", "Punten per vraag: {points}."),
    "earlier": ("{days} days ago", "{days} dagen geleden"),
    "provenance": ("{source}, {day}", "{source}, {day}"),
    "trend": ("Twelve months", "Twaalf maanden"),
    "trend_note": (
        "as the facts known today give it; hatched could not be told, a gap in the line is a first answer",
        "zoals de feiten van nu het geven; gearceerd was niet te zeggen, een gat in de lijn is een eerste antwoord",
    ),
    "trend_label": ("Total by month: {points}.", "Totaal per maand: {points}."),
    "month": ("Month", "Maand"),
    "attainable_short": ("Attainable", "Haalbaar"),
    "no_moves": ("Nothing moved it.", "Er bewoog niets."),
    "history": ("Recorded changes", "Vastgelegde wijzigingen"),
    "no_history": ("Nothing was recorded in the last year.", "Het afgelopen jaar is niets vastgelegd."),
    "cause_new": ("new fact", "nieuw feit"),
    "cause_correction": ("correction", "correctie"),
    "cause_retraction": ("withdrawn", "ingetrokken"),
    "cause_window": ("time passed", "tijdsverloop"),
    "cause_model": ("another model", "ander model"),
    "cause_rebuild": ("made anew", "opnieuw opgebouwd"),
    "cause_erasure": ("erased", "gewist"),
    "hidden_changes": (
        "{count} changes are not shown: they were recorded while another name was joined to this client by mistake.",
        "{count} wijzigingen staan er niet bij: die zijn vastgelegd toen er per abuis een andere naam bij hoorde.",
    ),
    "hidden_changes_one": (
        "One change is not shown: it was recorded while another name was joined to this client by mistake.",
        "Eén wijziging staat er niet bij: die is vastgelegd toen er per abuis een andere naam bij hoorde.",
    ),
    "names": ("Names", "Namen"),
    "undescribed_note": (
        "Nobody has described this client yet: it was made by the first event that named it. Is it another client?",
        "Niemand heeft deze klant nog beschreven: hij kwam er door het eerste bericht. Is het een andere klant?",
    ),
    "names_join": ("Another name or id of this client", "Andere naam of ander id van deze klant"),
    "names_join_button": ("Join", "Samenvoegen"),
    "names_release": ("Take back", "Terugdraaien"),
    "names_hint": (
        "The facts of a joined client count for this one, until you take it back. It shows within a few seconds.",
        "De feiten van een samengevoegde klant tellen hier mee, tot je het terugdraait. Na enkele tellen te zien.",
    ),
    "names_joined": (
        "Saved. The facts of the joined client count here within a few seconds; you can take it back under Names.",
        "Bewaard. De feiten van de andere klant tellen hier na enkele tellen mee; terugdraaien kan onder Namen.",
    ),
    "names_released": (
        "Saved. Within a few seconds it is a client of its own again.",
        "Bewaard. Na enkele tellen is het weer een eigen klant.",
    ),
    "names_sure_title": ("Join {name} to this client?", "{name} met deze klant samenvoegen?"),
    "names_sure": (
        "It is described as a client of its own. Joined, all its facts count here, until you take that back.",
        "Hij is beschreven als eigen klant. Samengevoegd tellen al zijn feiten hier mee, tot je het terugdraait.",
    ),
    "names_refused": ("Nothing has changed", "Er is niets veranderd"),
    "names_none": ("Fill in a name or an id.", "Vul een naam of een id in."),
    "names_several": (
        "Several clients are called this. Fill in the id of the one you mean: it stands in the address of its page.",
        "Meer klanten heten zo. Vul het id in van die je bedoelt: dat staat in het adres van zijn pagina.",
    ),
    "names_unknown": (
        "There is no client of this name or id. Look for it in the portfolio.",
        "Er is geen klant met deze naam of dit id. Zoek hem op in het portfolio.",
    ),
    "names_same": ("This is the same client already.", "Dit is al dezelfde klant."),
    "names_of_others": (
        "This name was not given here but by a system: only that system can take it back.",
        "Deze naam is niet hier gegeven maar door een systeem: alleen dat kan het terugdraaien.",
    ),
    "names_many": (
        "The client would have more names than are kept. Take one back first.",
        "De klant zou meer namen krijgen dan er bewaard worden. Draai er eerst een terug.",
    ),
    "back": ("Back to the client", "Terug naar de klant"),
    "nobody": ("unanswered", "onbeantwoord"),
    "nps": ("NPS", "NPS"),
    "nps_interval": (
        "If more people had been asked than these {count}, it could well be anything from {low} to {high}.",
        "Waren er meer mensen gevraagd dan deze {count}, dan kon het heel goed van {low} tot {high} lopen.",
    ),
    "nps_none": ("Nobody was asked in the last {days} days.", "In de laatste {days} dagen is niemand gevraagd."),
    "nps_label": ("Answers by month: {points}.", "Antwoorden per maand: {points}."),
    "none": ("none", "geen"),
    "promoters": ("promoters", "promotors"),
    "passives": ("passives", "passief tevredenen"),
    "detractors": ("detractors", "criticasters"),
    "responses": ("Answers", "Antwoorden"),
    "losses": ("What would lower it", "Wat het zou verlagen"),
    "evidence": ("Evidence", "Onderbouwing"),
    "evidence_note": ("every fact, with who and when", "elk feit, met wie en wanneer"),
    "evidence_counted": ("counted by month", "per maand geteld"),
    "no_facts": ("No facts yet.", "Nog geen feiten."),
    "happy_of": ("{happy} happy of {working}", "{happy} blij van {working}"),
    "head_count": ("{working} working", "{working} werkzaam"),
    "rating": ("rating {score}", "cijfer {score}"),
    "reported_nps": ("NPS {nps}", "NPS {nps}"),
    # the model
    "model_lead": (
        (
            "{number} questions, at most {most} points each, {whole} in all. Read each column from the top: "
            "the first row that fits counts."
        ),
        (
            "{number} vragen, elk hoogstens {most} punten, samen {whole}. Lees elke kolom van boven: de "
            "eerste rij die past, telt."
        ),
    ),
    "model_lead_one": (
        "One question, at most {whole} points. Read the column from the top: the first row that fits counts.",
        "Eén vraag, hoogstens {whole} punten. Lees de kolom van boven: de eerste rij die past, telt.",
    ),
    "points": ("Points", "Punten"),
    "freshness": ("How long an answer stays fresh", "Hoe lang een antwoord vers blijft"),
    "fresh_days": ("{days} days", "{days} dagen"),
    "fresh_always": ("always", "altijd"),
    "nps_window": (
        (
            "The responses of the last {days} days count, today included: "
            "promoters (9, 10) less detractors (0 to 6), as a percentage. "
            "A reported NPS counts only when there are no responses."
        ),
        (
            "De reacties van de laatste {days} dagen tellen, vandaag inbegrepen: "
            "promotors (9, 10) min criticasters (0 tot 6), als percentage. "
            "Een gemelde NPS telt alleen als er geen reacties zijn."
        ),
    ),
    "talk_rules": ("When it is time to talk", "Wanneer het tijd is voor een gesprek"),
    "rule_fell": (
        "The total fell by {points} or more in {days} days.",
        "Het totaal daalde in {days} dagen met {points} of meer.",
    ),
    "rule_low": ("A question has {points} or less.", "Een vraag heeft {points} of minder."),
    "rule_stale": ("An answer is out of date.", "Een antwoord is verouderd."),
    # signing in, and what goes wrong
    "link_title": ("Open the scorecard", "Open de scorekaart"),
    "link_for": ("This link is for {name}.", "Deze link is voor {name}."),
    "link_text": (
        "It opens the pages in this browser until {day}, or until you sign out.",
        "Hij opent de pagina's in deze browser tot {day}, of tot je uitlogt.",
    ),
    "sign_in": ("Open", "Openen"),
    "foreign_title": ("Open it from your link", "Open het vanuit je link"),
    "foreign_text": (
        (
            "This came from another site, or your browser does not say where it came from. "
            "Open your own link once more and use its button."
        ),
        (
            "Dit kwam van een andere site, of je browser zegt niet waar het vandaan kwam. "
            "Open je eigen link opnieuw en gebruik de knop."
        ),
    ),
    "401_title": ("Ask for a link", "Vraag om een link"),
    "401_text": (
        (
            "This page opens with a personal link. Yours is missing, has expired or was withdrawn: "
            "ask your contact at the agency for a new one."
        ),
        (
            "Deze pagina gaat open met een persoonlijke link. Die ontbreekt, is verlopen of is ingetrokken: "
            "vraag je contactpersoon bij het bureau om een nieuwe."
        ),
    ),
    "403_title": ("Not for this link", "Niet voor deze link"),
    "403_text": ("Your link does not open this page.", "Je link geeft geen toegang tot deze pagina."),
    "404_title": ("Nothing here", "Hier is niets"),
    "404_text": ("There is nothing at this address.", "Op dit adres is niets te vinden."),
    "other_title": ("This did not work", "Dit lukte niet"),
    "other_text": ("The request could not be answered.", "Het verzoek kon niet worden beantwoord."),
    "query_text": (
        "The address of this page says something that the page does not know, or says it twice:",
        "Het adres van deze pagina zegt iets wat de pagina niet kent, of zegt het twee keer:",
    ),
    "query_link": ("Open the page without it", "Open de pagina zonder"),
    "5xx_text": (
        "Something went wrong here. Try again in a while.",
        "Er ging hier iets mis. Probeer het over een poosje opnieuw.",
    ),
    "role_client": ("client", "klant"),
    "role_viewer": ("viewer", "lezer"),
    "role_editor": ("editor", "bewerker"),
    "role_admin": ("admin", "beheerder"),
    "provider_title": ("Sign in", "Inloggen"),
    "provider_text": (
        "People of the agency sign in with their account of {provider}.",
        "Mensen van het bureau loggen in met hun account van {provider}.",
    ),
    "provider_button": ("Sign in with {provider}", "Inloggen met {provider}"),
    "provider_link": (
        "Did you get a personal link? Open that instead. If it does not work any more, ask your contact for a new one.",
        "Heb je een persoonlijke link? Open die dan. Werkt hij niet meer, vraag je contactpersoon dan om een nieuwe.",
    ),
    "ended_title": ("Sign in first", "Log eerst in"),
    "ended_text": (
        "You are not signed in, or no longer. Nothing was saved.",
        "Je bent niet (meer) ingelogd. Er is niets bewaard.",
    ),
    "to_sign_in": ("To the sign-in page", "Naar de inlogpagina"),
    "failed_title": ("Signing in did not work", "Inloggen lukte niet"),
    "failed_text": (
        "It took too long, was done already, or something was not right. Your account is fine: try again.",
        "Het duurde te lang, was al gebeurd, of er klopte iets niet. Je account is in orde: probeer het opnieuw.",
    ),
    "silent_title": ("{provider} does not respond", "{provider} reageert niet"),
    "silent_text": (
        "Nobody can sign in with it at the moment. Try again in a while.",
        "Er kan nu niemand mee inloggen. Probeer het over een poosje opnieuw.",
    ),
    "unknown_title": ("You have no access yet", "Je hebt nog geen toegang"),
    "unknown_text": (
        "Your account is fine, but nobody has let you in. Ask whoever looks after these pages at the agency.",
        "Met je account is niets mis, maar je bent nog niet toegelaten. Vraag het aan wie deze pagina's beheert.",
    ),
    "unknown_ask": (
        "Your account is fine, but nobody has let you in. Ask {contact}.",
        "Met je account is niets mis, maar je bent nog niet toegelaten. Vraag het aan {contact}.",
    ),
    "signed_out_person": (
        "Your account of {provider} is still open in this browser.",
        "Je account van {provider} is nog open in deze browser.",
    ),
    "sign_out_provider": ("Sign out of {provider}, too", "Ook uitloggen bij {provider}"),
    "signed_out": ("You are signed out", "Je bent uitgelogd"),
    "signed_out_text": ("Your link opens the pages again.", "Met je link open je de pagina's opnieuw."),
    # every page
    "visitor": ("Signed in as {name}", "Ingelogd als {name}"),
    "signed_in": ("Signed in", "Ingelogd"),
    "home": ("To the start", "Naar het begin"),
    "on_this_page": ("On this page", "Op deze pagina"),
    "pages": ("Further pages", "Verdere pagina's"),
    "show": ("Show", "Toon"),
    "new": ("new", "nieuw"),
    "answers": ("Answers", "Antwoorden"),
    "why": ("Why talk", "Waarom praten"),
    # the portfolio
    # a client
    "of_told": ("of {attainable} that can be told", "van de {attainable} die te zeggen zijn"),
    "part_of": ("{total} of {attainable}", "{total} van {attainable}"),
    "some_of": ("{count} of {whole}", "{count} van {whole}"),
    "first_measured": (
        "first measured in the last {days} days: no movement yet",
        "in de laatste {days} dagen voor het eerst gemeten: nog geen beweging",
    ),
    "nothing_measured": ("nobody has answered yet", "niemand heeft nog geantwoord"),
    "first_answers": ("{number} first answers since", "sindsdien {number} eerste antwoorden"),
    "first_answers_one": ("one first answer since", "sindsdien één eerste antwoord"),
    "help_most": ("What would help most", "Wat het meest zou helpen"),
    "no_help": (
        "Nothing: every question has its most points.",
        "Niets: elke vraag heeft zijn meeste punten.",
    ),
    "time": ("What time alone will do", "Wat de tijd vanzelf doet"),
    "no_time": ("Nothing within a year.", "Niets binnen een jaar."),
    "previous": ("Previous", "Vorige"),
    "next": ("Next", "Volgende"),
    "neighbours": ("Other clients of the list", "Andere klanten van de lijst"),
    "client_view": ("What the client sees", "Wat de klant ziet"),
    "past": (
        "This is {day}, as the facts known today give it.",
        "Dit is {day}, zoals de feiten van nu het geven.",
    ),
    "back_to_today": ("Back to today", "Terug naar vandaag"),
    "another_day": ("As of another day", "Op een andere dag"),
    "in_the_model": ("In the model", "In het model"),
    "no_reasons": ("Nothing to talk about today.", "Vandaag is er niets om over te praten."),
    "topic_low": ("{name} has {points}", "{name} heeft {points}"),
    "topic_stale": ("{name} is out of date", "{name} is verouderd"),
    "rating_on": ("rating {score}, {day}", "cijfer {score}, {day}"),
    "questions_open": (
        "a dashed question has no points and does not count against the client",
        "een gestreepte vraag heeft geen punten en telt niet tegen de klant",
    ),
    "questions_worth": ("at most {points} each", "elk hoogstens {points}"),
    "nobody_yet": ("Nobody has answered this yet", "Niemand heeft dit nog beantwoord"),
    "latest": ("{source}, latest {day}", "{source}, laatste {day}"),
    "stale_days": ("out of date, {age} days", "verouderd, {age} dagen"),
    "nps_from": ("{value} from {count} answers", "{value} uit {count} antwoorden"),
    "nps_from_one": ("{value} from 1 answer", "{value} uit 1 antwoord"),
    "nps_reported": ("{value}, reported", "{value}, gemeld"),
    "head_count_only": (
        "{working} work there; happiness was not asked",
        "{working} werkzaam; niet gevraagd of ze blij zijn",
    ),
    "ask": ("ask", "vraag"),
    "advice_ask": ("Ask it: {name}", "Vraag het: {name}"),
    "step_promoters": ("{count} more promoters", "{count} promotors meer"),
    "step_promoters_one": ("1 more promoter", "1 promotor meer"),
    "step_detractors": ("{count} more detractors", "{count} criticasters meer"),
    "step_detractors_one": ("1 more detractor", "1 criticaster meer"),
    "will_be_old": ("{name} is out of date", "{name} is verouderd"),
    "ask_again": ("ask again", "opnieuw vragen"),
    "will_leave": (
        "{count} answers leave the NPS: {before} becomes {after}",
        "{count} antwoorden vallen uit de NPS: {before} wordt {after}",
    ),
    "will_leave_one": (
        "1 answer leaves the NPS: {before} becomes {after}",
        "1 antwoord valt uit de NPS: {before} wordt {after}",
    ),
    "nobody_had": ("nobody had answered yet", "nog niemand had geantwoord"),
    "more_moves": ("{count} earlier changes", "{count} eerdere wijzigingen"),
    "more_moves_one": ("1 earlier change", "1 eerdere wijziging"),
    "adds_first": (
        "first answers from {day} on: {points}",
        "eerste antwoorden vanaf {day}: {points}",
    ),
    "adds_part": ("{start} at first, first answers: {points}", "eerst {start}, eerste antwoorden: {points}"),
    "adds_start": ("{start} on {day}", "{start} op {day}"),
    "adds_up": (
        "The parts add up: {since}; then {up} and {down} make {end}.",
        "De delen tellen op: {since}; daarna {up} en {down} is samen {end}.",
    ),
    "adds_up_alone": (
        "The parts add up: {since}; that makes {end}.",
        "De delen tellen op: {since}; dat is samen {end}.",
    ),
    "help_short": ("What would help", "Wat zou helpen"),
    "time_short": ("Time alone", "De tijd vanzelf"),
    "questions_short": ("Questions", "Vragen"),
    "questions_short_one": ("The question", "De vraag"),
    "quoted": (
        "\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}",
        "\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}",
    ),
    "nps_window_note": ("{days} days, today included", "{days} dagen, vandaag inbegrepen"),
    "nps_reported_only": (
        "{value}, reported. Nobody was asked here, so it cannot be told what it rests on.",
        "{value}, gemeld. Hier is niemand gevraagd, dus waar het op rust is niet te zeggen.",
    ),
    "nps_not_counted": (
        "{value}. Counts are told of whole months only.",
        "{value}. Aantallen worden alleen van hele maanden verteld.",
    ),
    "nps_few": (
        "{number} answers are too few to say more than that; one detractor more would bring {value} to {after}.",
        "{number} antwoorden is te weinig om meer te zeggen; één criticaster meer brengt {value} naar {after}.",
    ),
    "nps_few_one": (
        "One answer is too little to say more than that; one detractor more would bring {value} to {after}.",
        "Eén antwoord is te weinig om meer te zeggen; één criticaster meer brengt {value} naar {after}.",
    ),
    "one_promoter": ("One promoter more makes it {points}.", "Eén promotor meer maakt er {points} van."),
    "one_detractor": ("One detractor more makes it {points}.", "Eén criticaster meer maakt er {points} van."),
    "one_is_nothing": (
        "One answer more, of either kind, changes no point.",
        "Eén antwoord meer, welk ook, verandert geen punt.",
    ),
    "count_promoters": ("{count} promoters", "{count} promotors"),
    "count_promoters_one": ("1 promoter", "1 promotor"),
    "count_passives": ("{count} passives", "{count} passief tevreden"),
    "count_passives_one": ("1 passive", "1 passief tevreden"),
    "count_detractors": ("{count} detractors", "{count} criticasters"),
    "count_detractors_one": ("1 detractor", "1 criticaster"),
    "answers_count": ("{count} answers", "{count} antwoorden"),
    "answers_count_one": ("1 answer", "1 antwoord"),
    "square": ("One square is {count} answers:", "Eén blokje is {count} antwoorden:"),
    "square_one": ("One square is one answer:", "Eén blokje is één antwoord:"),
    "square_key": (
        "promoters and passives (hollow) on the line, detractors below.",
        "promotors en passief tevredenen (hol) op de lijn, criticasters eronder.",
    ),
    "history_note": ("what was told when, newest first", "wat er wanneer is verteld, nieuwste eerst"),
    "latest_fact": ("latest {day} by {source}: {said}", "laatste {day} door {source}: {said}"),
    "all_facts": ("All facts", "Alle feiten"),
    "facts_counted": (
        "Single responses are not shown; they are counted by month.",
        "Losse reacties staan er niet bij; die zijn per maand geteld.",
    ),
    "older": ("Older facts", "Oudere feiten"),
    # what the client sees
    "letter_title": ("How our partnership stands", "Zo staat ons partnerschap ervoor"),
    "letter_between": ("{client} and {agency}", "{client} en {agency}"),
    "the_agency": ("the agency", "het bureau"),
    "letter_questions": (
        "{number} questions, each worth at most {points}.",
        "{number} vragen, elk goed voor hoogstens {points}.",
    ),
    "letter_questions_one": ("One question, worth at most {points}.", "Eén vraag, goed voor hoogstens {points}."),
    "letter_asked": ("{number} questions.", "{number} vragen."),
    "letter_asked_one": ("One question.", "Eén vraag."),
    "letter_total": ("Together we have {total} {whole}.", "Samen staan we op {total} {whole}."),
    "letter_more": ("That is {number} more than {days} days ago.", "Dat is {number} meer dan {days} dagen geleden."),
    "letter_fewer": (
        "That is {number} fewer than {days} days ago.",
        "Dat is {number} minder dan {days} dagen geleden.",
    ),
    "letter_talk": (
        "It is there to be talked about; it is no report card.",
        "Het is er om over te praten; het is geen rapportcijfer.",
    ),
    "letter_trend": (
        "hatched is what could not be told yet, because nobody had answered",
        "gearceerd is wat nog niet te zeggen was, omdat niemand had geantwoord",
    ),
    "letter_for": (
        "This page is for {name} and stays open until {day}.",
        "Deze pagina is voor {name} en blijft open tot {day}.",
    ),
    "letter_open": ("This page stays open until {day}.", "Deze pagina blijft open tot {day}."),
    "letter_model": ("How the points are counted", "Hoe de punten worden geteld"),
    # the model
    "next_row": ("next step, {points}", "volgende stap, {points}"),
    "is_here": ("{name} is here", "{name} staat hier"),
    "the_next_row": ("the next step up", "de volgende stap omhoog"),
    "nps_how": ("How the NPS is counted", "Hoe de NPS wordt geteld"),
    "fresh_nps": ("the last {days} days", "de laatste {days} dagen"),
    "fresh_note": (
        "After that it keeps its points and is called out of date: time to ask again.",
        "Daarna houdt het zijn punten en heet het verouderd: tijd om opnieuw te vragen.",
    ),
    "model_id": ("Model {id}", "Model {id}"),
}
