const IMAGE_OPTIONS = `
Options for reading an image:
  --view ID         the tree to read, as “isolde info” names it (rock-ridge, joliet, iso9660, enhanced, udf, boot, …)
  --inside PATH     enter the image at PATH inside the image; may be repeated
  --charset NAME    the encoding of names that the image leaves open (shift_jis, gb18030, euc-kr, cp437, latin1, …)
  --progress        show progress on standard error even where that is no terminal`

export const GENERAL_HELP = `Isolde opens disc images the way a file manager opens folders.

Usage: isolde COMMAND [OPTIONS] IMAGE …

Commands:
  info IMAGE                what the image is, how whole it is, what is odd about it
  list IMAGE [PATH]         its entries, recursively
  extract IMAGE [PATH …]    extracts everything, or what is named
  cat IMAGE PATH            one file's bytes to standard output
  convert IMAGE OUT.iso     any container to a plain image
  create OUT.iso SOURCE …   makes an image of files and folders
  edit IMAGE --to OUT …     a changed copy of an image, still bootable
  verify IMAGE              every check that the image carries
  hash IMAGE [PATH …]       SHA-256 or BLAKE3 of its files, as sha256sum writes them
  compare A B               what B has more, less and otherwise than A
  search TEXT               by name, over every image that was ever opened in the window
  serve [IMAGE …]           the window in a browser on this computer

“isolde COMMAND --help” says more about each. “isolde --version” prints the version.

Exit status: 0 all well; 1 finished, but something was damaged or skipped; 2 wrong usage; 3 not a disc image;
4 no such image or path, or the disk said no; 130 cancelled.`

export const COMMAND_HELP: Record<string, string> = {
  info: `Usage: isolde info IMAGE [--json]

Says what the image is, which trees it holds, how whole it is, how it boots, and what is odd about it.
  --json            one JSON object
${IMAGE_OPTIONS}`,
  list: `Usage: isolde list IMAGE [PATH] [--json|--csv|--long]

Lists the entries below PATH (or all), parents first, siblings by the bytes of their names.
  --json            one JSON object a line
  --csv             a header and one line an entry
  -l, --long        kind, mode, size, time and link target too
${IMAGE_OPTIONS}`,
  extract: `Usage: isolde extract IMAGE [PATH …] [--to DIR | --here]

Extracts into DIR (made if need be), or the current folder. Nothing stands under its final name before it is whole.
  --to DIR          where to; a PATH keeps its full path below it
  --here            beside the image: one top-level item as it is, several in a folder named after the image
  --on-conflict P   for names that are taken: fail (default, before anything is written), skip, overwrite, rename,
                    newer or different
  --include GLOB    only what matches; may be repeated. A glob without a slash is matched against names
  --exclude GLOB    not what matches; may be repeated
  --flat            every file directly into the destination
  --sparse          runs of zeros become holes
  --owners          owners as recorded (as root)
  --modes           permissions exactly as recorded, read-only ones too
  --format F        folder (default), zip or 7z; --to then names the archive or the folder for it
  --password-file F the first line of F encrypts the archive with AES-256 (or the variable ISOLDE_PASSWORD)
  --json            one JSON object a line for each entry, then a summary
  -q, --quiet       no summary and no progress
${IMAGE_OPTIONS}`,
  cat: `Usage: isolde cat IMAGE PATH

Writes one file's bytes to standard output.
${IMAGE_OPTIONS}`,
  convert: `Usage: isolde convert IMAGE OUT.iso

Writes the blocks inside any container as a plain image. OUT “-” writes it to standard output.
${IMAGE_OPTIONS}`,
  create: `Usage: isolde create OUT.iso SOURCE … [OPTIONS]

Makes a disc image. Of one folder alone the contents become the root; several sources lie there under their own names.
The image is read back from the disk and compared before it has its name. OUT “-” writes it to standard output.
  --map IN=AT       IN lies at AT in the image; may be repeated
  --preset P        data (ISO 9660, Rock Ridge, Joliet and UDF 1.02; the default), compatible, linux, windows or udf
  --level N         of ISO 9660: 1, 2, 3 or 4 (which adds a tree of ISO 9660:1999)
  --udf REV         1.02, 1.50 or 2.01; --no-udf, --no-iso, --no-joliet, --no-rock-ridge leave a tree out, --joliet and
                    --rock-ridge add it
  --joliet-long     names of 103 characters in Joliet, which most readers bear
  --deep D          folders below the eighth: relocate (default) or keep
  --label L         the volume's name; the default is the name of OUT
  --publisher P, --preparer P, --application A, --system-id S, --volume-set-id S
  --boot-bios AT    a boot image in the tree, started by a BIOS; --boot-uefi AT by UEFI
  --boot-emulation E none (default), floppy or hard-disk
  --boot-info-table, --grub2-boot-info   the loader is told where it lies
  --no-boot         no boot entries for loaders that are found in the tree (isolinux, GRUB, Windows, EFI/BOOT)
  --hybrid H        a disk as well as a disc: mbr, gpt or both; --mbr FILE gives the code of its first sector
  --md5             MD5 sums of the image and of every file, as xorriso checks them
  --implant-md5     an MD5 sum of the whole, as checkisomd5 checks it
  --sha256sums      a list of all files' sums in the root
  --sort GLOB=N     files lie on the disc by weight, the heaviest first; may be repeated
  --exclude GLOB    what is left out; may be repeated. A glob without a slash is matched against names
  --follow-links    links are replaced by what they lead to
  --rationalize     owners 0, and modes that anybody can read
  --dedupe          equal files share their bytes
  --date DATE       when the volume was made (2024-05-17T12:00:00Z); SOURCE_DATE_EPOCH is heeded
  --media M         refuses what does not fit: cd-74, cd-80, dvd-r, dvd+r, dvd-r-dl, dvd+r-dl, bd-25, bd-50, bd-100, bd-128
  --dry-run         says what would be written, and which names change
  --json            one JSON object a line: changed names, files, then a summary
  --progress        show progress on standard error even where that is no terminal
  -q, --quiet       no summary`,
  edit: `Usage: isolde edit IMAGE --to OUT [OPTIONS]

Writes a changed copy of an image. Its trees, boot entries and first sector are made again with new addresses; what
cannot be kept is said before anything is written. The copy is read back before it has its name.
  --to OUT          the file to write; “-” is standard output
  --replace         the copy takes the original's place, which is kept beside it as NAME.before.iso
  --add IN=AT       IN of this computer lies at AT in the image, in place of what is there; may be repeated
  --delete PATH     may be repeated
  --rename A=B      may be repeated
  --label L         the volume's name
  --script FILE     one change a line: {"op":"add","from":"IN","at":"AT"}, {"op":"delete","path":"P"} or
                    {"op":"rename","path":"A","to":"B"}
  --allow-damaged   damaged files are left out; otherwise an image that has any is refused
  --dry-run, --json, --progress, -q as for create
${IMAGE_OPTIONS}`,
  verify: `Usage: isolde verify IMAGE [--json] [--quiet]

Makes every check that the image carries: its length, its directories, the MD5 sum implanted by implantisomd5, the sums
that libisofs writes, lists of sums (md5sum.txt, SHA256SUMS, …) and the sums in .treeinfo.
  --json            one JSON object: the checks, each with its verdict, and the verdict of all
  -q, --quiet       only what did not pass
${IMAGE_OPTIONS}`,
  hash: `Usage: isolde hash IMAGE [PATH …]

Writes the sums of the files at or below each PATH (or of all), one a line, as “sha256sum -c” and “b3sum -c” check them.
  -a, --algorithm A sha256 (default) or blake3
  --json            one JSON object a line
${IMAGE_OPTIONS}`,
  compare: `Usage: isolde compare A B

Says what B has more (+), less (-) and otherwise (~) than A, by path, kind, size and time. Exit status 1 where anything
differs.
  --content         files of one size are compared by their contents too
  --other-view ID   the view of B; with one image named, that view of the same image
  --json            one JSON object a line, then a summary
${IMAGE_OPTIONS}`,
  search: `Usage: isolde search TEXT

Finds entries whose names hold TEXT (or fit it, where it has * or ?) in every image that was opened in the window, whether
the image is there just now or not.
  --image NAME      only in this image, by its path or name
  --kind K          file, directory, symlink, device, fifo or socket; several with commas
  --extension E     only names that end so: iso, or txt,md
  --min-size N      in bytes, or as 500k, 2G, 1.5GiB
  --max-size N
  --after DATE      changed on that day or later: 2024-05-17
  --before DATE     changed before that day
  --json            one JSON object a line
  --csv             a header and one line a hit
  --limit N         no more than N (10 000)`,
  serve: `Usage: isolde serve [IMAGE …] [--port N] [--no-open]

Serves the window to a browser on this computer and prints its address, which holds a token that works once.
  --port N          the port to listen on; 0 takes a free one (default)
  --no-open         do not start the browser`,
}
