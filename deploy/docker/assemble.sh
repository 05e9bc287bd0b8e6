#!/bin/sh
# Puts together what the server needs at run time, and nothing else.
#   assemble.sh SOURCE TARGET    SOURCE: the repository, built; TARGET: a folder that is not there yet
# The image is made with it, and so is the folder that the tests start the server from.
set -eu
source=$1
target=$2

mkdir -p "$target/tools"
cd "$source"
cp package.json package-lock.json .npmrc "$target"
# npm wants every workspace that the lockfile names.
cp tools/package.json "$target/tools"
for package in packages/*; do
  mkdir -p "$target/$package"
  cp "$package/package.json" "$target/$package"
  for part in dist bin proto/gen; do
    test -d "$package/$part" || continue
    # Neither tests nor what only an editor or a compiler reads.
    tar -C "$package" -cf - --exclude='*.test.*' --exclude='*.map' --exclude='*.d.ts' --exclude='*.tsbuildinfo' "$part" |
      tar -C "$target/$package" -xf -
  done
done

cd "$target"
# No script of a package runs: none of those that are needed has one.
npm ci --workspace @rapida/cli --omit=dev --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error
rm -rf tools
# Tests, types, sources in TypeScript and pages are for people who program with a package. Its licence stays.
find . -path '*/node_modules/*' -type f \( -name '*.test.*' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' \
  -o -name '*.md' -o -name '*.mdx' \) ! -iname 'licen[cs]e*' ! -iname 'notice*' -delete
find . -path '*/node_modules/*' -type d -empty -delete
