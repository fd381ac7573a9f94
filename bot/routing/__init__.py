"""A question that the FAQ could not answer: to whom it is offered, who has it, how it ends."""
