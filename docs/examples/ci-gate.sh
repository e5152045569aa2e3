#!/bin/sh
# A gate for continuous integration: sh ci-gate.sh PERSONAS EVIDENCE [LEAST]
#
# Fails where a quote is not what a participant said, where the personas are not those that were checked, and where
# one of them scores less than LEAST. EVIDENCE is what `persona verify … --json --hash-quotes` printed beside the
# transcripts, which stay there. What was found is left in score.xml, for whatever shows test results.
set -eu

personas=$1
evidence=$2
least=${3:-75}

persona score "$personas" --evidence "$evidence" --max-missing 0 --min-score "$least" \
    -o junit --save score.xml > /dev/null
echo "The personas hold."
