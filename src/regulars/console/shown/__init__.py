"""What pages show alike: names, people in a list, whom to speak to next, trees, small pictures."""
