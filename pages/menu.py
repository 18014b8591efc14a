"""The one script Streamlit runs: it dresses the page and hands over to the one asked for."""

import streamlit as st

from workshop.ui.components import ICON, STYLE
from workshop.ui.render_slots import page_slot

# A page that is opened waits its turn as a whole; what changes on it later, by whose it is.
with page_slot():
    st.set_page_config(page_icon=ICON, layout="wide")
    st.html(STYLE)

    page = st.navigation(
        [
            st.Page("home.py", title="Funnel Reality Check", default=True),
            st.Page("board.py", title="Board · Funnel Reality Check"),
            st.Page("facilitate.py", title="Facilitator · Funnel Reality Check"),
            st.Page("agenda.py", title="Agenda · Funnel Reality Check"),
            st.Page("links.py", title="Links to print · Funnel Reality Check"),
            st.Page("numbers.py", title="New numbers · Funnel Reality Check"),
            st.Page("manage.py", title="Decision · Funnel Reality Check"),
            st.Page("ranking.py", title="Ranking · Funnel Reality Check"),
            st.Page("sensitivity.py", title="Sensitivity · Funnel Reality Check"),
            st.Page("assumptions.py", title="Assumptions · Funnel Reality Check"),
            st.Page("whatif.py", title="What if · Funnel Reality Check"),
            st.Page("plan.py", title="Plan · Funnel Reality Check"),
            st.Page("agreement.py", title="Agreement · Funnel Reality Check"),
            st.Page("answers.py", title="Answers · Funnel Reality Check"),
            st.Page("actions.py", title="Actions · Funnel Reality Check"),
            st.Page("company.py", title="Second look · Funnel Reality Check"),
        ],
        position="hidden",
    )
    page.run()
