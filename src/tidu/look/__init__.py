"""The look: tokens, components, behaviour and wording that every page of the site is made of; it knows no policy and no firm."""
