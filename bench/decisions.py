"""Which way of choosing brings a company the most: simulated companies whose truth is known.

What is drawn for each company, in plain words:

- A funnel of four steps with 2,000 to 20,000 leads, true rates between 20 and 60 %, and true
  shares of three loss reasons and an unexplained rest. The company sees counts drawn from them.
- Forty ideas, ten a step: what five mini-teams write down in four rounds. One in five goes after
  all that the step loses; the others after one reason, the more often the more it loses, so
  several ideas land on the same reason.
- What an idea truly recovers is lognormal: half of those on a reason recover less than 15 %, half
  of those on a whole step less than 5 %, a few several times that. It truly works with a chance
  of its own, 60 % on average, anything between 20 and 95 %; nobody can know beforehand which will.
- Effort is lognormal around 8 days for sales, marketing or both, more for ideas that recover more.
  There are 20 to 60 days of each, five prerequisites and five exclusions among random pairs.
- What the company is told of an idea: a likely value, too high by 30 % on average (10 to 55 % for
  most companies), wrong beside that by a factor that differs from idea to idea, from 1.2 to 2.7
  for one standard deviation; a range about that value, wider where the error is larger, but 30 to
  70 % as wide as it would have to be to hold the truth nine times in ten; a chance of success,
  noisy and somewhat too high. Efforts are told as they are.

Everyone chooses by the same figures. Those who pick down a list take each idea that still fits,
with its prerequisites. The outcome is the true gain of what was chosen, together, in expectation
over which ideas work; it is compared with the best plan of somebody who knows all the truth but
that. "As good as anyone could" knows the distributions above, even this company's optimism and
the error behind every single estimate, and chooses the proven best by the expectations that
follow from them.

The parameters are guesses at what companies are like, made before the results were known and not
fitted to them; other companies will see other shares.

Run it as `python bench/decisions.py [companies]`; every figure it prints is measured in that run.
"""
