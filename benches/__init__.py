"""Performance against yardsticks: side by side in one run, interleaved, medians and ratios."""
