"""Companies: the workshops of one, and what was promised in all of them."""

from __future__ import annotations

from dataclasses import replace

from workshop.analysis.company_agreed import settled_in
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda_lines import Agenda
from workshop.domain.company import Agreed, Company, CompanyRecord, Followed, PastWorkshop
from workshop.domain.settlement import CARRIED_OVER
from workshop.store.agreements import agreements_of, signatures_of
from workshop.store.assumptions import assumptions_of
from workshop.store.commitments import check_ins_of, commitments_of, made_at_of, readings_of
from workshop.store.database import Database, Source
from workshop.store.errors import StoreError
from workshop.store.funnels import funnel_of, known_version, versions_of
from workshop.store.idea_access import readable
from workshop.store.idea_rows import ideas_of
from workshop.store.question_rows import shown_steps
from workshop.store.settlements import settlements_of, taken_back_of
from workshop.store.topics import AGENDA
from workshop.store.verbs import Verb
from workshop.store.workshops import Workshops, workshop_of


class Companies:
    """Whose workshops these are, and what outlives each of them."""

    def __init__(self, database: Database, workshops: Workshops) -> None:
        self._database = database
        self._workshops = workshops

    def of(self, visitor: Visitor) -> Company:
        """The company of the visitor's workshop, for its facilitator and management."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        return company_of(self._database, visitor.workshop_id)

    def record(self, visitor: Visitor) -> CompanyRecord | None:
        """All of the company, as its facilitators and management see it, and the board shows it.

        None as long as the room still guesses: it holds the numbers that are guessed.
        """
        visitor.must_be(Role.FACILITATOR, Role.MANAGER, Role.PROJECTOR)
        if shown_steps(self._database, visitor) is not None:
            return None
        return record_of(self._database, visitor)

    def agreed(self, visitor: Visitor) -> tuple[Agreed, ...]:
        """What each workshop of the company has settled on and signed, oldest first."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        company = company_of(self._database, visitor.workshop_id)
        ids = workshops_of(self._database, company.id)
        return tuple(_agreed(self._database, id_) for id_ in ids)

    def plan_second_look(self, visitor: Visitor, name: str, agenda: Agenda) -> Visitor:
        """A workshop made from this record; returns its facilitator.

        Of the same company, with the numbers and the assumptions of the visitor's workshop until
        newer ones are read, and with what is settled in the company.
        """
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        source, id_ = self._database, visitor.workshop_id
        funnel = funnel_of(source, id_)
        settled = settled_in(self.agreed(visitor), funnel.stages)
        return self._workshops.start(
            name,
            funnel,
            versions_of(source, id_)[0].origin,
            agenda=agenda,
            is_demo=workshop_of(source, id_).is_demo,
            company=company_of(source, id_),
            assumed=assumptions_of(source, id_),
            settled=[replace(one, round=CARRIED_OVER) for one in settled],
        )

    def rename(self, visitor: Visitor, name: str, *, submission_id: str = "") -> None:
        """Call the company so, in all of its workshops.

        Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        with self._database.change(visitor, AGENDA, submission_id=submission_id) as change:
            former = company_of(change, visitor.workshop_id)
            renamed = replace(former, name=name.strip())
            change.write(
                "UPDATE workshop SET company = $1 WHERE company_id = $2", renamed.name, former.id
            )
            change.log_activity(Verb.COMPANY_RENAMED, renamed.name, former.name, renamed.name)


def company_of(source: Source, workshop_id: str) -> Company:
    """The company of a workshop."""
    rows = source.read("SELECT company_id, company FROM workshop WHERE id = $1", workshop_id)
    if not rows:
        raise StoreError("This workshop is not in the records.")
    return Company(*rows[0])


def workshops_of(source: Source, company_id: str) -> tuple[str, ...]:
    """The ids of a company's workshops, oldest first."""
    found = source.read(
        "SELECT id FROM workshop WHERE company_id = $1 ORDER BY created_at, id", company_id
    )
    return tuple(id_ for (id_,) in found)


def record_of(source: Source, visitor: Visitor) -> CompanyRecord:
    """The company of a visitor: its workshops oldest first, and what was promised in them.

    Of ideas that were signed for it says what somebody with their role may read in the workshop
    that they are of; where they were not reported back there, what was estimated first.
    """
    company = company_of(source, visitor.workshop_id)
    ids = workshops_of(source, company.id)
    there = [replace(visitor, workshop_id=id_) for id_ in ids]
    followed = [one for known in there for one in _followed_in(source, known)]
    return CompanyRecord(company, tuple(_past(source, id_) for id_ in ids), tuple(followed))


def _agreed(source: Source, workshop_id: str) -> Agreed:
    return Agreed(
        workshop_id,
        workshop_of(source, workshop_id).name,
        tuple(funnel_of(source, workshop_id).stages),
        tuple(settlements_of(source, workshop_id).values()),
        taken_back_of(source, workshop_id),
        agreements_of(source, workshop_id),
        signatures_of(source, workshop_id),
    )


def _past(source: Source, workshop_id: str) -> PastWorkshop:
    workshop = workshop_of(source, workshop_id)
    origin = versions_of(source, workshop_id)[0].origin
    return PastWorkshop(
        workshop.id,
        workshop.name,
        workshop.created_at,
        funnel_of(source, workshop_id),
        origin.first_day if origin else None,
        origin.last_day if origin else None,
    )


def _followed_in(source: Source, visitor: Visitor) -> list[Followed]:
    workshop_id = visitor.workshop_id
    # What two people have signed for is no secret, wherever that room was when it parted.
    ideas = {idea.id: idea.without_second_round() for idea in ideas_of(source, workshop_id)}
    ideas |= {idea.id: idea for idea in readable(source, visitor)}
    check_ins, readings = check_ins_of(source, workshop_id), readings_of(source, workshop_id)
    made = made_at_of(source, workshop_id)
    return [
        Followed(
            one,
            workshop_id,
            made[one.id],
            known_version(source, workshop_id, one.funnel_version),
            ideas.get(one.idea_id),
            tuple(said for said in check_ins if said.commitment_id == one.id),
            tuple(read for read in readings if read.commitment_id == one.id),
        )
        for one in commitments_of(source, workshop_id)
    ]
