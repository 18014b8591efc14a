"""Values → charts, and the words that stand in for them. Charts return, pages draw.

A chart is a Vega-Lite dict, drawn with `st.vega_lite_chart(chart, alt=…)`. Nothing in it comes
from people but its data: lengths are shares of the longest bar, figures are ready words, a place
is an index. So no name is ever read as an expression, two equal names stay two bars, and new
values move the marks of the chart that is there, where `alt` stays the same too.

`large` is the board: letters follow the window's width, rows share the height that the page
gives. That takes `height="stretch"` in a keyed container with `flex: none` and a `height` in the
page's CSS; a row of two lines needs 2.5 letters, eight of them a quarter of the window's width.
Otherwise it is a laptop's chart with a height of its own.

Marks glide to their new places where the page's CSS gives `svg.marks :is(path, text, line)` a
transition of `transform` and `d`.

One language for all bars: solid is known or kept, hatched is lost or unexplained.
"""

from workshop.charts.bridge import bridge_alt, bridge_chart, bridge_table
from workshop.charts.capacity import capacity_alt, capacity_chart, capacity_table
from workshop.charts.choices import choices_alt, choices_chart, choices_table
from workshop.charts.colours import COLOURS, INK, LETTERS, LOSS, MARKETING, SALES, TOGETHER
from workshop.charts.consent import consent_alt, consent_chart, consent_table
from workshop.charts.durations import days_table, months_alt, months_chart, months_table
from workshop.charts.guesses import guesses_alt, guesses_chart, guesses_table
from workshop.charts.history import Counting, history_alt, history_chart, history_table
from workshop.charts.improvement import (
    IMPROVEMENT_ALT,
    best_improvement,
    improvement_chart,
    improvement_table,
)
from workshop.charts.losses import (
    funnel_alt,
    funnel_chart,
    funnel_table,
    reasons_alt,
    reasons_chart,
    reasons_table,
    stages_shown,
)
from workshop.charts.marks import Spec
from workshop.charts.open_leads import truth_alt, truth_chart, truth_table
from workshop.charts.plans import person_days, plans_alt, plans_chart, plans_table
from workshop.charts.ranking import RANKING_ALT, ranking_chart, ranking_table
from workshop.charts.second_look import (
    Reread,
    second_look_alt,
    second_look_chart,
    second_look_table,
)
from workshop.charts.segments import segments_alt, segments_chart, segments_table
from workshop.charts.stages import (
    HIGHEST,
    LOWEST,
    STAGE_NAMES,
    Gap,
    gaps_alt,
    gaps_chart,
    gaps_table,
    stages_alt,
    stages_chart,
    stages_table,
)
from workshop.charts.steps import (
    lenses_alt,
    lenses_chart,
    lenses_side_by_side,
    lenses_table,
    sobol_alt,
    sobol_chart,
    sobol_table,
)

__all__ = [
    "COLOURS",
    "HIGHEST",
    "IMPROVEMENT_ALT",
    "INK",
    "LETTERS",
    "LOSS",
    "LOWEST",
    "MARKETING",
    "RANKING_ALT",
    "SALES",
    "STAGE_NAMES",
    "TOGETHER",
    "Counting",
    "Gap",
    "Reread",
    "Spec",
    "best_improvement",
    "bridge_alt",
    "bridge_chart",
    "bridge_table",
    "capacity_alt",
    "capacity_chart",
    "capacity_table",
    "choices_alt",
    "choices_chart",
    "choices_table",
    "consent_alt",
    "consent_chart",
    "consent_table",
    "days_table",
    "funnel_alt",
    "funnel_chart",
    "funnel_table",
    "gaps_alt",
    "gaps_chart",
    "gaps_table",
    "guesses_alt",
    "guesses_chart",
    "guesses_table",
    "history_alt",
    "history_chart",
    "history_table",
    "improvement_chart",
    "improvement_table",
    "lenses_alt",
    "lenses_chart",
    "lenses_side_by_side",
    "lenses_table",
    "months_alt",
    "months_chart",
    "months_table",
    "person_days",
    "plans_alt",
    "plans_chart",
    "plans_table",
    "ranking_chart",
    "ranking_table",
    "reasons_alt",
    "reasons_chart",
    "reasons_table",
    "second_look_alt",
    "second_look_chart",
    "second_look_table",
    "segments_alt",
    "segments_chart",
    "segments_table",
    "sobol_alt",
    "sobol_chart",
    "sobol_table",
    "stages_alt",
    "stages_chart",
    "stages_shown",
    "stages_table",
    "truth_alt",
    "truth_chart",
    "truth_table",
]
