"""What people and CRMs call things, in seven languages."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Words:
    """The names of columns, stages, outcomes and reasons in one language.

    `stages` are open stages in their order: a pipeline uses the first of them.
    """

    language: str
    locale: str
    lead: str
    name: str
    stage: str
    entered_at: str
    status: str
    created: str
    closed: str
    amount: str
    currency: str
    reason: str
    segment: str
    probability: str
    count: str
    stages: tuple[str, ...]
    won: str
    lost: str
    open: str
    won_stage: str
    lost_stage: str
    reasons: tuple[str, ...]
    segments: tuple[str, ...]


ENGLISH = Words(
    language="English",
    locale="en_US",
    lead="Deal ID",
    name="Deal Name",
    stage="Stage",
    entered_at="Entered At",
    status="Status",
    created="Created Date",
    closed="Close Date",
    amount="Amount",
    currency="Currency",
    reason="Loss Reason",
    segment="Lead Source",
    probability="Probability (%)",
    count="Count",
    stages=("Lead", "Qualified", "Demo", "Proposal", "Negotiation"),
    won="Won",
    lost="Lost",
    open="Open",
    won_stage="Closed Won",
    lost_stage="Closed Lost",
    reasons=("Price", "No budget", "Competitor", "Bad timing"),
    segments=("Web", "Trade show", "Referral"),
)
GERMAN = Words(
    language="German",
    locale="de_DE",
    lead="Vorgangsnummer",
    name="Vorgang",
    stage="Phase",
    entered_at="Datum",
    status="Status",
    created="Erstellt am",
    closed="Abgeschlossen am",
    amount="Auftragswert",
    currency="Währung",
    reason="Verlustgrund",
    segment="Quelle",
    probability="Wahrscheinlichkeit (%)",
    count="Anzahl",
    stages=("Anfrage", "Qualifiziert", "Vorführung", "Angebot", "Verhandlung"),
    won="Gewonnen",
    lost="Verloren",
    open="Offen",
    won_stage="Abgeschlossen und gewonnen",
    lost_stage="Abgeschlossen und verloren",
    reasons=("Preis zu hoch", "Kein Budget", "Wettbewerber", "Keine Rückmeldung"),
    segments=("Webseite", "Messe", "Empfehlung"),
)
FRENCH = Words(
    language="French",
    locale="fr_FR",
    lead="N° d'affaire",
    name="Nom de l'affaire",
    stage="Étape",
    entered_at="Date d'entrée",
    status="Statut",
    created="Date de création",
    closed="Date de clôture",
    amount="Montant",
    currency="Devise",
    reason="Motif de perte",
    segment="Origine",
    probability="Probabilité (%)",
    count="Nombre",
    stages=("Prospect", "Qualifié", "Démonstration", "Proposition", "Négociation"),
    won="Gagnée",
    lost="Perdue",
    open="En cours",
    won_stage="Fermée gagnée",
    lost_stage="Fermée perdue",
    reasons=("Prix", "Pas de budget", "Concurrent", "Sans réponse"),
    segments=("Site web", "Salon", "Recommandation"),
)
SPANISH = Words(
    language="Spanish",
    locale="es_ES",
    lead="ID del negocio",
    name="Nombre del negocio",
    stage="Etapa",
    entered_at="Fecha de entrada",
    status="Estado",
    created="Fecha de creación",
    closed="Fecha de cierre",
    amount="Importe",
    currency="Moneda",
    reason="Motivo de pérdida",
    segment="Origen",
    probability="Probabilidad (%)",
    count="Cantidad",
    stages=("Prospecto", "Calificado", "Demostración", "Propuesta", "Negociación"),
    won="Ganado",
    lost="Perdido",
    open="Abierto",
    won_stage="Cierre ganado",
    lost_stage="Cierre perdido",
    reasons=("Precio", "Sin presupuesto", "Competencia", "Sin respuesta"),
    segments=("Sitio web", "Feria", "Recomendación"),
)
PORTUGUESE = Words(
    language="Portuguese",
    locale="pt_BR",
    lead="ID do negócio",
    name="Nome do negócio",
    stage="Etapa",
    entered_at="Data de entrada",
    status="Situação",
    created="Data de criação",
    closed="Data de fechamento",
    amount="Valor",
    currency="Moeda",
    reason="Motivo da perda",
    segment="Origem",
    probability="Probabilidade (%)",
    count="Quantidade",
    stages=("Contato", "Qualificação", "Demonstração", "Proposta", "Negociação"),
    won="Ganho",
    lost="Perdido",
    open="Em andamento",
    won_stage="Fechado ganho",
    lost_stage="Fechado perdido",
    reasons=("Preço", "Sem orçamento", "Concorrente", "Sem resposta"),
    segments=("Site", "Feira", "Indicação"),
)
ITALIAN = Words(
    language="Italian",
    locale="it_IT",
    lead="ID trattativa",
    name="Nome trattativa",
    stage="Fase",
    entered_at="Data di ingresso",
    status="Stato",
    created="Data di creazione",
    closed="Data di chiusura",
    amount="Importo",
    currency="Valuta",
    reason="Motivo della perdita",
    segment="Origine",
    probability="Probabilità (%)",
    count="Numero",
    stages=("Contatto", "Qualificato", "Dimostrazione", "Offerta", "Negoziazione"),
    won="Vinta",
    lost="Persa",
    open="Aperta",
    won_stage="Chiusa vinta",
    lost_stage="Chiusa persa",
    reasons=("Prezzo", "Nessun budget", "Concorrenza", "Nessuna risposta"),
    segments=("Sito", "Fiera", "Passaparola"),
)
DUTCH = Words(
    language="Dutch",
    locale="nl_NL",
    lead="Dealnummer",
    name="Dealnaam",
    stage="Fase",
    entered_at="Datum",
    status="Status",
    created="Aangemaakt op",
    closed="Gesloten op",
    amount="Bedrag",
    currency="Valuta",
    reason="Reden van verlies",
    segment="Bron",
    probability="Kans (%)",
    count="Aantal",
    stages=("Aanvraag", "Gekwalificeerd", "Demo", "Offerte", "Onderhandeling"),
    won="Gewonnen",
    lost="Verloren",
    open="Lopend",
    won_stage="Gesloten gewonnen",
    lost_stage="Gesloten verloren",
    reasons=("Prijs", "Geen budget", "Concurrent", "Geen reactie"),
    segments=("Website", "Beurs", "Aanbeveling"),
)


def numbered(words: Words, mark: str = "{number}. {stage}") -> Words:
    """The same words with numbers before the stages, as people write them."""
    return replace(
        words,
        stages=tuple(
            mark.format(number=number, letter=chr(64 + number), stage=stage)
            for number, stage in enumerate(words.stages, 1)
        ),
    )
