from functions.pages.sections import Prop, Section, crumb, props_row, section_of, title_row, with_index


def test_the_index_leads_to_every_section_in_order() -> None:
    drawn = with_index(
        [
            Section("why", "Why talk", "text", count="2", warn=True),
            (Section("a", "A", ""), Section("b", "Long", "", short="B")),
        ],
        "On this page",
        [("In the model", "/model")],
    )

    assert [place in drawn for place in ('href="#why"', 'href="#a"', 'href="#b"', 'href="/model"')] == [True] * 4
    assert drawn.index('href="#why"') < drawn.index('href="#a"') < drawn.index('id="why"') < drawn.index('id="a"')
    assert '<span class="count warn">2</span>' in drawn
    assert "<span>B</span>" in drawn
    assert "<h2>Long</h2>" in drawn


def test_where_people_work_is_a_card_and_where_they_read_is_none() -> None:
    assert 'class="card"' in section_of(Section("a", "A", "text", card=True))
    assert 'class="card"' not in section_of(Section("a", "A", "text"))


def test_a_title_is_the_one_heading_of_its_level() -> None:
    drawn = title_row("Acme", "Scorecard", above=crumb("Portfolio", "/"), acts="button")

    assert drawn.count("<h1>") == 1
    assert "acts" not in title_row("Acme")


def test_facts_stand_beside_the_total() -> None:
    assert "<dt>Goal</dt>" in props_row("14", [Prop("Goal", "16 by 30 June", "2 to go")])
