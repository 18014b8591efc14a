"""The one script Streamlit runs: it dresses the page and hands over to the one asked for."""

import streamlit as st

from workshop.ui.components import ICON, STYLE
from workshop.ui.render_slots import page_slot

# A page that is opened waits its turn as a whole; what changes on it later, by whose it is.
with page_slot():
    st.set_page_config(page_title="Funnel Reality Check", page_icon=ICON, layout="wide")
    st.html(STYLE)

    page = st.navigation(
        [
            st.Page("home.py", title="Funnel Reality Check", default=True),
            st.Page("team.py", title="Mini-team"),
            st.Page("board.py", title="Board"),
            st.Page("facilitate.py", title="Facilitator"),
            st.Page("links.py", title="Links to print"),
            st.Page("numbers.py", title="New numbers"),
            st.Page("manage.py", title="Decision"),
            st.Page("ranking.py", title="Ranking"),
            st.Page("sensitivity.py", title="Sensitivity"),
            st.Page("assumptions.py", title="Assumptions"),
            st.Page("whatif.py", title="What if"),
            st.Page("plan.py", title="Plan"),
            st.Page("actions.py", title="Actions"),
        ],
        position="hidden",
    )
    page.run()
