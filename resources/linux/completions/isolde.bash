# bash completion for isolde, written from its own help by scripts/desktop-completions.mjs.
_isolde() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W 'info list extract cat convert create edit verify hash compare search serve --help --version' -- "$word")
    return
  fi
  case $before in
    --on-conflict)
      mapfile -t COMPREPLY < <(compgen -W 'fail skip overwrite rename newer different' -- "$word")
      return
      ;;
    --format)
      mapfile -t COMPREPLY < <(compgen -W 'folder zip 7z' -- "$word")
      return
      ;;
    --to)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      return
      ;;
  esac
  case ${COMP_WORDS[1]} in
    info) options='--json --view --inside --charset --progress --help' ;;
    list) options='--json --csv --long --view --inside --charset --progress --help' ;;
    extract) options='--to --here --on-conflict --include --exclude --flat --sparse --owners --modes --format --password-file --json --quiet --view --inside --charset --progress --help' ;;
    cat) options='--view --inside --charset --progress --help' ;;
    convert) options='--view --inside --charset --progress --help' ;;
    create) options='--map --preset --level --udf --joliet-long --deep --label --publisher --boot-bios --boot-emulation --no-boot --hybrid --md5 --implant-md5 --sha256sums --sort --exclude --follow-links --rationalize --dedupe --date --media --dry-run --json --progress --quiet --help' ;;
    edit) options='--to --replace --add --delete --rename --label --script --allow-damaged --view --inside --charset --progress --help' ;;
    verify) options='--json --quiet --view --inside --charset --progress --help' ;;
    hash) options='--algorithm --json --view --inside --charset --progress --help' ;;
    compare) options='--content --other-view --json --view --inside --charset --progress --help' ;;
    search) options='--image --kind --extension --min-size --max-size --after --before --json --csv --limit --help' ;;
    serve) options='--port --no-open --help' ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
  else
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _isolde isolde
