#!/usr/bin/env bash
# Builds the project's own disc images. Needs xorriso, genisoimage, mkudffs (udftools) and zstd; what they make is
# committed, so that tests need none of them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1715941800 TZ=UTC LC_ALL=C.UTF-8

node "$here/make-sample-files.mjs" "$work/sample"
rm -f "$here/sample.iso"
xorriso -as mkisofs -quiet -R -J -joliet-long -V 'Isolde Sample' -publisher 'The Isolde project' \
  -preparer 'tests/images/make.sh' --set_all_file_dates 2024051710300000 -no-pad -o "$here/sample.iso" "$work/sample"
