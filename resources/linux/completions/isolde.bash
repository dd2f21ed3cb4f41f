# bash completion for isolde, written from its own help by scripts/command-docs.mjs.
_isolde() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options=
  COMPREPLY=()
  # Readline takes the equals sign for a word of its own.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W 'info list extract cat convert create edit verify rescue find protect identify keys hash compare drives write erase read burn mount unmount mounts search catalog serve help --help --version' -- "$word")
    return
  fi
  if [[ ${COMP_WORDS[1]} == help ]]; then
    mapfile -t COMPREPLY < <(compgen -W 'info list extract cat convert create edit verify rescue find protect identify keys hash compare drives write erase read burn mount unmount mounts search catalog serve' -- "$word")
    return
  fi
  case ${COMP_WORDS[1]}:$before in
    extract:--on-conflict)
      mapfile -t COMPREPLY < <(compgen -W 'fail skip overwrite rename newer different' -- "$word")
      return
      ;;
    extract:--format)
      mapfile -t COMPREPLY < <(compgen -W 'folder zip 7z' -- "$word")
      return
      ;;
    convert:--as)
      mapfile -t COMPREPLY < <(compgen -W 'blocks iso' -- "$word")
      return
      ;;
    create:--preset)
      mapfile -t COMPREPLY < <(compgen -W 'data compatible linux windows udf dvd-video bluray' -- "$word")
      return
      ;;
    create:--level)
      mapfile -t COMPREPLY < <(compgen -W '1 2 3 4' -- "$word")
      return
      ;;
    create:--udf)
      mapfile -t COMPREPLY < <(compgen -W '1.02 1.50 2.01 2.50' -- "$word")
      return
      ;;
    create:--deep)
      mapfile -t COMPREPLY < <(compgen -W 'relocate keep' -- "$word")
      return
      ;;
    create:--boot-emulation)
      mapfile -t COMPREPLY < <(compgen -W 'none floppy hard-disk' -- "$word")
      return
      ;;
    create:--hybrid)
      mapfile -t COMPREPLY < <(compgen -W 'mbr gpt both' -- "$word")
      return
      ;;
    create:--media)
      mapfile -t COMPREPLY < <(compgen -W 'cd-74 cd-80 dvd-r dvd+r dvd-r-dl dvd+r-dl bd-25 bd-50 bd-100 bd-128' -- "$word")
      return
      ;;
    rescue:--partial)
      mapfile -t COMPREPLY < <(compgen -W 'zeros cut skip' -- "$word")
      return
      ;;
    hash:--algorithm | hash:-a)
      mapfile -t COMPREPLY < <(compgen -W 'sha256 blake3' -- "$word")
      return
      ;;
    write:--how)
      mapfile -t COMPREPLY < <(compgen -W 'as-is files' -- "$word")
      return
      ;;
    write:--table)
      mapfile -t COMPREPLY < <(compgen -W 'mbr gpt' -- "$word")
      return
      ;;
    erase:--as)
      mapfile -t COMPREPLY < <(compgen -W 'exfat fat32' -- "$word")
      return
      ;;
    serve:--log-level)
      mapfile -t COMPREPLY < <(compgen -W 'error warn info debug' -- "$word")
      return
      ;;
    *:--to | *:--at)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      return
      ;;
  esac
  case ${COMP_WORDS[1]} in
    info) options='--json --view --inside --charset --progress --help' ;;
    list) options='--json --csv --long --streams --view --inside --charset --progress --help' ;;
    extract) options='--to --here --on-conflict --include --exclude --flat --sparse --owners --modes --xattrs --format --password-file --json --quiet --streams --view --inside --charset --progress --help' ;;
    cat) options='--streams --view --inside --charset --progress --help' ;;
    convert) options='--split --as --password-file --allow-damaged --json --quiet --view --inside --charset --progress --help' ;;
    create) options='--map --preset --level --udf --no-udf --no-iso --joliet --no-joliet --joliet-long --rock-ridge --no-rock-ridge --deep --label --publisher --preparer --application --system-id --volume-set-id --boot-bios --boot-uefi --boot-emulation --boot-info-table --grub2-boot-info --no-boot --hybrid --mbr --md5 --implant-md5 --sha256sums --sort --exclude --follow-links --rationalize --zisofs --dedupe --date --media --dry-run --json --progress --quiet --help' ;;
    edit) options='--to --replace --append --add --delete --rename --label --script --allow-damaged --dry-run --json --quiet --view --inside --charset --progress --help' ;;
    verify) options='--sum --signature --key --no-beside --deep --map --report --json --quiet --view --inside --charset --progress --help' ;;
    rescue) options='--to --image --map --with --ecc --partial --carve --plan --json --quiet --charset --progress --help' ;;
    find) options='--save --to --resume --map --no-check --json --quiet --charset --progress --help' ;;
    protect) options='--to --redundancy --replace --json --progress --help' ;;
    identify) options='--json --view --inside --charset --progress --help' ;;
    keys) options='--json --help' ;;
    hash) options='--algorithm --json --streams --view --inside --charset --progress --help' ;;
    compare) options='--content --other-view --json --view --inside --charset --progress --help' ;;
    drives) options='--json --help' ;;
    write) options='--to --confirm --how --table --fit --no-check --allow-fixed --json --inside --charset --progress --help' ;;
    erase) options='--confirm --as --label --allow-fixed --json --progress --help' ;;
    read) options='--map --retries --reverse --json --progress --help' ;;
    burn) options='--to --speed --blank --json --inside --charset --progress --help' ;;
    mount) options='--at --foreground --json --view --inside --charset --help' ;;
    unmount) options='--json --help' ;;
    mounts) options='--json --help' ;;
    search) options='--image --kind --extension --min-size --max-size --after --before --json --csv --limit --help' ;;
    catalog) options='--json --help' ;;
    serve) options='--port --log-level --webdav --view --inside --charset --no-open --help' ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
  else
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _isolde isolde
