"""Results as JUnit XML, which every CI shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree


@dataclass(frozen=True)
class TestCase:
    """Passed, unless it says why it failed or was skipped."""

    __test__ = False  # pytest takes classes of this name for its own

    classname: str
    name: str
    failure: str | None = None
    skipped: str | None = None


def junit_suite(name: str, cases: Sequence[TestCase]) -> str:
    """One suite as an XML document."""
    failed, skipped = (sum(getattr(case, kind) is not None for case in cases) for kind in ("failure", "skipped"))
    totals = {"tests": str(len(cases)), "failures": str(failed), "skipped": str(skipped)}
    suite = ElementTree.Element("testsuite", {"name": name} | totals)
    for case in cases:
        element = ElementTree.SubElement(suite, "testcase", classname=case.classname, name=case.name)
        for kind, message in (("failure", case.failure), ("skipped", case.skipped)):
            if message is not None:
                ElementTree.SubElement(element, kind, message=message)
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)
