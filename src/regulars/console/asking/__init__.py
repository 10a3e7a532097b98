"""What pages ask: forms, what can be chosen, amounts as they are typed."""
