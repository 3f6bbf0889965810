"""What lint finds in agendas written by hand: each rule with what breaks it, and the whole without a fault."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.agendas.findings import KINDS
from app.domain.agendas.linting import count_by_code, has_errors, lint
from app.domain.agendas.values import Source
from tests.agendas import TABLE, agenda, call, found, row, sources

FEB_27 = row("Thursday, February 27", topic="[Dyes](./Feb-27.md)")
NEW_YORK = "13:00 in New York instead of 12:00"
LONG_AFTER = date(2026, 1, 1)


def one(*rows, code, **files):
    """The place and the message of the one finding with this code."""
    [(place, message)] = [each for each in found(agenda(*rows, **files)).items() if each[0].endswith(code)]
    return place.partition(" ")[0], message


def of_file(text, code):
    return one(row(), Feb_13=text, code=code)


def test_an_agenda_without_a_fault_has_no_finding():
    assert found(agenda(row(), Feb_13=call())) == {}


def test_every_kind_has_a_code_of_its_own_and_a_title():
    assert all(code == kind.code and kind.title for code, kind in KINDS.items())


@pytest.mark.parametrize(
    ("day", "code", "message"),
    [
        ("Friday, February 13", "TP101", "13 February 2025 is a Thursday, not a Friday."),
        ("Thursday, February 30", "TP102", "There is no 30 February in 2025."),
        ("soon", "TP103", "“soon” is no date that can be read: write “Thursday, March 5”."),
        ("Thrusday, February 13", "TP103", "“Thrusday” is no day of the week."),
        ("Thursday, February 13, 2024", "TP104", "The date says 2024, the heading or the folder 2025."),
        ("February 2024 (day not known)", "TP104", "The date says 2024, the heading or the folder 2025."),
        ("February 2025", "TP103", "“February 2025” is no date that can be read: write “Thursday, March 5”."),
    ],
)
def test_a_wrong_date_is_found_in_its_row(day, code, message):
    assert one(row(day, topic="TBA"), code=code) == ("README:5", message)


def test_a_row_without_a_date_or_with_other_cells_is_found():
    files = {"README.md": "| Date | Topic |\n|---|---|\n|  | Looms |\n| Feb 3, 2025 |\n"}
    assert found(files) == {
        "README:3 TP103": "This row has no date.",
        "README:3 TP403": "“Looms” links to no file or page.",
        "README:4 TP108": "This row has 1 cells, the table 2 columns.",
    }


def test_a_date_that_no_year_is_known_for_is_not_judged():
    unknown = "No year is known: name it in the date, in the heading or in the folder."
    files = {"README.md": "| Date | Topic |\n|---|---|\n| Friday, February 13 | TBA |\n| February 31 | TBA |\n"}
    assert found(files) == {"README:3 TP103": unknown, "README:4 TP102": "There is no 31 February."}


def test_a_file_is_called_after_its_day():
    text = call(day="Thursday, February 20")
    assert of_file(text, "TP105")[1] == "The file is called Feb-13.md, and says 20 February 2025 here."


def test_a_table_needs_no_pipes_at_its_ends_and_a_file_no_heading():
    table = "Date | Time | Topic\n---|---|---\nFriday, February 13, 2025 | 12:00 PM GMT | a \\| b, `c \\| d`\n"
    text = "- Date: February 13, 2025\n- Time: 12:00 PM GMT\n- Topic: a | b, c | d\n"
    assert list(found({"README.md": table, "Feb-13.md": text})) == ["README:3 TP101"]


def test_rows_stand_in_order_and_once():
    files = agenda(FEB_27, row(), row(), Feb_13=call(), Feb_27=call(day="Thursday, February 27", topic="Dyes"))
    assert {place: said for place, said in found(files).items() if "TP10" in place} == {
        "README:6 TP106": "13 February 2025 stands below 27 February 2025.",
        "README:7 TP106": "13 February 2025 stands below 27 February 2025.",
        "README:7 TP107": "13 February 2025 stands in line 6 already.",
    }


@pytest.mark.parametrize(
    ("time", "code", "message"),
    [
        ("18:00 PM", "TP201", "“18:00 PM” is no time that a clock shows: write 18:00 or 6:00 PM."),
        ("0:30 AM", "TP201", "“0:30 AM” is no time that a clock shows: write 00:30 or 12:30 AM."),
        ("noon", "TP203", "“noon” is no time: write “14:00” or “2:00 PM”."),
        ("25:10", "TP203", "“25:10” is no time: write “14:00” or “2:00 PM”."),
        (
            "14:00 Madrid (12:00 UTC)",
            "TP206",
            "14:00 Madrid is 13:00 UTC on this day, not 12:00.",
        ),
    ],
)
def test_a_wrong_time_is_found_in_its_row(time, code, message):
    assert one(row(time=time, topic="TBA"), code=code) == ("README:5", message)


def test_a_time_far_from_the_others_may_be_the_wrong_half_of_the_day():
    rows = [row(f"February {day}", time=time, topic="TBA") for day, time in ((6, "11 AM"), (13, "noon"), (20, "12 PM"))]
    said = "“11:00 PM” is hours away from the region's other calls, at about 11:00. Is it AM or PM?"
    far = row("February 27", time="11:00 PM", topic="TBA")
    assert one(*rows, row("February 21", time="11 AM", topic="TBA"), far, code="TP202") == ("README:9", said)


@pytest.mark.parametrize(
    ("day", "region", "time", "said"),
    [
        (
            "Thursday, March 20",
            "AMER & EMEA",
            "5:00 PM",
            f"18:00 in Madrid and {NEW_YORK}: these are weeks in which the clocks of the US and of Europe differ",
        ),
        (
            "Thursday, May 15",
            "AMER & EMEA",
            "5:00 PM",
            f"19:00 in Madrid instead of 18:00 and {NEW_YORK}: the clocks have changed, GMT has not",
        ),
    ],
)
def test_gmt_over_a_change_of_clocks_says_what_people_see(day, region, time, said):
    usual = row(region=region, time="5:00 PM", topic="TBA")
    assert one(usual, row(day, region=region, time=time, topic="TBA"), code="TP204") == (
        "README:6",
        f"On this day it is {said}.",
    )


def test_gmt_that_follows_the_clocks_is_right():
    summer = row("Thursday, April 10", time="11:00 AM", topic="TBA")
    assert "TP204" not in " ".join(found(agenda(row(topic="TBA"), summer)))


def test_files_without_a_table_are_compared_with_each_other():
    files = {"2025/Feb-13.md": call(), "2025/May-15.md": call(day="May 15")}
    assert found(files) == {
        "May-15:4 TP204": "On this day it is 14:00 in Madrid instead of 13:00: the clocks have changed, GMT has not."
    }


def test_a_region_is_not_called_at_night():
    text = call(region="APAC", time="17:00 GMT")
    assert of_file(text, "TP205") == ("Feb-13:4", "For APAC this is at night: 02:00 in Tokyo and 22:30 in Bengaluru.")


@pytest.mark.parametrize(
    ("changes", "place", "said"),
    [
        ({"time": "1:00 PM GMT"}, "Feb-13:4 TP301", "“1:00 PM GMT” here, “12:00 PM” in Agenda_2025/README.md:5."),
        ({"time": "14:00 CET"}, "Feb-13:4 TP301", "“14:00 CET” here, “12:00 PM” in Agenda_2025/README.md:5."),
        ({"topic": "Looms"}, "Feb-13:6 TP302", "“Looms” here, “Looms for all” in Agenda_2025/README.md:5."),
        ({"region": "AMER"}, "Feb-13:1 TP303", "AMER here, EMEA & APAC in Agenda_2025/README.md:5."),
        ({"region": "APAC & EMEA"}, "Feb-13:1 TP304", "APAC & EMEA here, EMEA & APAC in Agenda_2025/README.md:5."),
        ({"guest": "Bo Li"}, "Feb-13:5 TP305", "“Bo Li” here, “Ada Miller, Weavers” in Agenda_2025/README.md:5."),
        (
            {"guest": "Ada Miller, Head of Weavers"},
            "Feb-13:5 TP306",
            "“Ada Miller, Head of Weavers” here, “Ada Miller, Weavers” in Agenda_2025/README.md:5.",
        ),
        (
            {"day": "Wednesday, February 12"},
            "Feb-13:3 TP307",
            "“Wednesday, February 12” here, “Thursday, February 13” in Agenda_2025/README.md:5.",
        ),
    ],
)
def test_a_file_says_what_its_row_says(changes, place, said):
    assert found(agenda(row(), Feb_13=call(**changes)))[place] == said


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "13:00 CET"},
        {"guest": "Ada Miller, “Weavers”"},
        {"time": "12:00"},
        {"time": "12:00 Nowhere"},
        {"guest": ""},
        {"topic": ""},
        {"time": "noon"},
    ],
)
def test_what_cannot_be_compared_is_not(changes):
    assert not [place for place in found(agenda(row(), Feb_13=call(**changes))) if "TP30" in place]


def test_the_same_title_may_be_written_with_other_marks():
    assert "TP302" not in " ".join(found(agenda(row(), Feb_13=call(topic="“Looms” — for ALL"))))


def test_the_agenda_calls_the_talk_as_the_topic_does():
    parts = "- Welcome (5 mins)\n- **Guest talk**:\n  *Looms for all, and more* (20 mins)\n- Forum, *briefly* (35 mins)"
    said = "The topic above is “Looms for all”, here it is “Looms for all, and more”."
    assert of_file(call(parts=parts), "TP308") == ("Feb-13:15", said)


def test_text_about_the_talk_of_another_call_is_found():
    other = call(day="Thursday, February 27", topic="Dyes", guest="Bo Li, Dyers", details="Bo Li shows dyes.")
    files = agenda(row(), FEB_27, Feb_13=call(details="Bo Li shows dyes."), Feb_27=other)
    said = "This text is in Feb-27.md too, and about “Bo Li”, who speaks there and not here."
    assert found(files)["Feb-13:10 TP309"] == said
    assert "Feb-27:10 TP309" not in found(files)


def test_a_link_to_another_call_is_found():
    rows = row(topic="[Looms for all](./Feb-27.md)"), row("Thursday, February 27", topic="[Dyes](Feb-13.md)")
    other = call(day="Thursday, February 27", topic="Dyes")
    assert {place for place in found(agenda(*rows, Feb_13=call(), Feb_27=other)) if "TP405" in place} == {
        "README:5 TP405",
        "README:6 TP405",
        "Feb-13:3 TP405",
        "Feb-27:3 TP405",
    }


@pytest.mark.parametrize(
    ("topic", "code", "said"),
    [
        ("[TBA]()", "TP401", "The link on “TBA” leads nowhere."),
        ("[Looms for all](.Feb-13.md)", "TP402", "There is no file “.Feb-13.md”. Is “./Feb-13.md” meant?"),
        ("[Looms for all](../Feb-13.md)", "TP402", "There is no file “../Feb-13.md”."),
        ("[Looms for all](./nothing.md)", "TP402", "There is no file “./nothing.md”."),
    ],
)
def test_a_link_leads_somewhere(topic, code, said):
    assert one(row(topic=topic), code=code, Feb_13=call()) == ("README:5", said)


@pytest.mark.parametrize(
    "target", ["https://guild.example/looms", "/looms", "mailto:a@b.example", "Feb-13.md#agenda", "http://["]
)
def test_other_links_are_left_alone(target):
    assert "TP402" not in " ".join(found(agenda(row(topic=f"[Looms for all]({target})"), Feb_13=call())))


def test_a_file_that_exists_beside_them_is_no_broken_link():
    files = agenda(row(topic="[Looms for all](./Feb-13.md)"))
    assert found(files, exists=lambda path: path == "Agenda_2025/Feb-13.md") == {}


def test_files_that_were_handed_in_alone_have_no_broken_links():
    files = agenda(row(topic="[Looms for all](.Feb-13.md)"))
    assert [each.code for each in lint(sources(files), today=date(2025, 1, 1))] == []
    files = agenda(row(topic="[Looms for all](.Feb-13.md)"), Feb_13=call())
    assert [each.code for each in lint(sources(files), today=date(2025, 1, 1))] == ["TP402"]


def test_rows_have_files_and_files_have_rows():
    files = agenda(row(topic="Looms for all"), Mar_13=call(day="Thursday, March 13"))
    assert found(files) == {
        "Mar-13:1 TP404": "No row of the table beside it leads to this file.",
        "README:5 TP403": "“Looms for all” links to no file or page.",
    }


def test_a_row_is_compared_with_the_file_of_its_day_even_without_a_link():
    files = agenda(row(topic="Looms for all"), Feb_13=call(topic="Dyes"))
    assert list(found(files)) == ["Feb-13:6 TP302", "Feb-13:15 TP308"]


def test_a_recording_has_words_to_read_aloud():
    linked = row(topic="TBA", recording="[🧵](https://video.example/1)")
    assert one(linked, code="TP406") == ("README:5", "Read aloud, this link says nothing: write “Recording”.")


def test_secrets_are_found_and_never_repeated():
    secret = "- **Meeting Passcode**: l00m5hared\n- Sign up [here](https://zoom.example/meeting/91234567890?pwd=Zx81)"
    findings = lint(sources(agenda(row(), Feb_13=call(more=secret))), today=date(2025, 1, 1))
    assert [(each.place.line, each.code) for each in findings] == [(19, "TP501"), (20, "TP502")]
    assert [each.source for each in findings] == [
        "- Meeting Passcode: [hidden]",
        "- Sign up [here]([hidden])",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Passcode: TBA",
        "- **Meeting Passcode**:",
        "The passcode is sent by mail.",
        "No passcodes here",
        "Meeting ID: TBA",
    ],
)
def test_words_about_secrets_are_none(line):
    assert not [code for code in found(agenda(row(), Feb_13=call(more=line))) if "TP5" in code]


@pytest.mark.parametrize("line", ["Passcode 4711", "Passcode is Weave", "One tap mobile", "Meeting ID: 912 345 678"])
def test_what_lets_somebody_in_is_a_secret(line):
    assert of_file(call(more=line), "TP501")[0] == "Feb-13:19"


def test_a_secret_in_a_title_is_not_repeated_in_a_message():
    message = of_file(call(topic="Looms, passcode: l00m5"), "TP302")[1]
    assert message == "“Looms, passcode: [hidden]” here, “Looms for all” in Agenda_2025/README.md:5."


@pytest.mark.parametrize(
    ("time", "parts", "said"),
    [
        (
            "12:00 GMT",
            "- Welcome (5 mins)\n- Forum (50-52 mins)",
            "The parts take 55 to 57 minutes, 3 fewer than the usual 60.",
        ),
        ("12:00 GMT", "- Forum (70 minutes)", "The parts take 70 minutes, the call 60."),
        ("12:00-12:45 GMT", "- Forum (50 min)", "The parts take 50 minutes, the call 45."),
    ],
)
def test_the_minutes_add_up(time, parts, said):
    assert of_file(call(time=time, parts=parts), "TP604") == ("Feb-13:13", said)


@pytest.mark.parametrize(
    ("time", "parts"),
    [
        ("12:00-13:00 GMT", "- Forum (50 mins)"),
        ("12:00 GMT, 45 min", "- Forum (45 mins)"),
        ("12:00 GMT", "- Updates (60 mins):\n  - Looms (20 mins)\n  - Dyes (40 mins)"),
        ("12:00 GMT", "1. Updates:\n   - Looms (20 mins)\n   - Dyes (40 mins)\n\nno part (9 mins)"),
        ("12:00 GMT", "no part at all"),
    ],
)
def test_minutes_that_add_up_are_left_alone(time, parts):
    assert not [place for place in found(agenda(row(), Feb_13=call(time=time, parts=parts))) if "TP604" in place]


def test_each_part_says_its_minutes():
    parts = "- Updates:\n  - Looms by Cy\n  - More:\n    - Dyes (20 mins)\n- Hello\n- Forum (40 (or so) mins) (40 mins)"
    said = {place: said for place, said in found(agenda(row(), Feb_13=call(parts=parts))).items() if "TP605" in place}
    assert said == {"Feb-13:14 TP605": "“Looms by Cy” says no minutes.", "Feb-13:17 TP605": "“Hello” says no minutes."}


def test_tags_are_known_or_declared():
    rows = (
        row(topic="TBA", tag="`Stratgy`"),
        row("February 14", topic="TBA", tag="`Wool`"),
        row("February 15", topic="TBA", tag="TBA"),
    )
    files = agenda(*rows, row("February 16", topic="TBA", tag="Linen, Silk, –"))
    files[TABLE] += "\n- **Tags**: `Linen`.\n"
    assert found(files, tags={"Strategy", "Silk"}) == {
        "README:5 TP601": "“stratgy” is not one of the known tags. Is “strategy” meant?",
        "README:6 TP601": "“wool” is not one of the known tags.",
    }


def test_what_was_to_be_announced_is_found_once_the_call_is_over():
    parts = "- Welcome by Ada or Bo (5 mins)\n- Updates by TBA (55 mins)"
    files = agenda(
        row(speakers="Speaker, Organization", recording="Cooking!"), Feb_13=call(parts=parts, more="- Meeting ID: TBA")
    )
    assert found(files) == {}
    assert found(files, today=LONG_AFTER) == {
        "Feb-13:13 TP602": "The call is over, and this still says “Ada or Bo”.",
        "Feb-13:14 TP602": "The call is over, and this still says “TBA”.",
        "Feb-13:17 TP602": "The call is over, and this still says “TBA”.",
        "README:5 TP602": (
            "The call of 13 February 2025 is over, and this still says “Speaker, Organization” as speakers, “Cooking!” "
            "as recording."
        ),
    }


def test_labels_have_values_and_are_spelt_right():
    text = call(more="- Meeting ID:").replace("**Topic**", "**Topica**").replace("⏰ **Time**: 12:00 PM GMT\n", "")
    assert found(agenda(row(), Feb_13=text)) == {
        "Feb-13:1 TP603": "This call has no time.",
        "Feb-13:5 TP608": "“Topica” is read as “topic”.",
        "Feb-13:18 TP603": "Nothing stands behind the label “meeting id”.",
    }


def test_a_call_without_a_date_is_not_placed_in_time():
    files = {"2025/call.md": call().replace("📅 **Date**: Thursday, February 13\n", "")}
    assert found(files, today=LONG_AFTER) == {"call:1 TP603": "This call has no date."}


def test_a_speaker_is_spelt_in_one_way():
    parts = "- Welcome by Ana Jimenez (5 mins)\n- *Ana Jimenez*, Ana Jiménez (55 mins)"
    text = call(guest="Ana Jiménez and Bo Li", parts=parts, topic="Ana Jimenez")
    rows = row(speakers="Ana Jiménez and Bo Li", topic="[Ana Jimenez](Feb-13.md)")
    assert found(agenda(rows, Feb_13=text)) == {
        "Feb-13:13 TP606": "“Ana Jimenez” here, “Ana Jiménez” above: one of them is misspelt."
    }


def test_there_is_one_rule():
    parts = "- Forum under Chatham House Rules (30 mins)\n- **Chatham House Rules**, explained (30 mins)"
    assert of_file(call(parts=parts), "TP607") == ("Feb-13:13", "It is the Chatham House Rule: there is only one.")


def test_marks_that_readers_see_are_found():
    parts = "- Talk: *Looms for all *, Ada (55 mins)\n- 2 \\* 2 \\* 2 (5 mins)"
    said = "Readers see the asterisks: no space may stand between them and the words."
    assert of_file(call(parts=parts), "TP609") == ("Feb-13:13", said)


def test_findings_are_in_order_counted_and_told_apart():
    findings = lint(sources(agenda(row(region="EMEA", time="18:00 PM", topic="[TBA]()"))), today=date(2025, 1, 1))
    assert [(each.place.line, each.code) for each in findings] == [(5, "TP201"), (5, "TP401")]
    assert count_by_code(findings) == {"TP201": 1, "TP401": 1}
    assert (has_errors(findings), has_errors(findings[1:])) == (True, False)


def test_a_file_that_is_no_agenda_is_searched_for_secrets_and_links_alone():
    files = {"notes.md": "# Notes\n\nDate: later\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n[x](y.md)\n", "empty.md": ""}
    assert found({"a.md": "Join: https://meet.google.com/abc"}) == {
        "a:1 TP502": found({"a.md": "https://meet.google.com/abc"})["a:1 TP502"]
    }
    assert list(found(files))[-1:] == ["notes:9 TP402"]


def test_very_long_lines_are_read_to_a_point():
    findings = lint(
        [Source("a.md", "| Date | Topic |\n|---|---|\n| " + "[" * 50_000 + " | x |\n")], today=date(2025, 1, 1)
    )
    assert [each.code for each in findings] == ["TP103", "TP403"]
    assert max(len(each.source) for each in findings) == 240
