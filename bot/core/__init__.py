"""What every other part may know: time, errors, ids, buttons, and what goes in and out."""
