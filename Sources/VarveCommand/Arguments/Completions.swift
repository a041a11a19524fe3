/// Scripts by which shells complete what is typed.
enum Completions: String, CaseIterable {
  case bash, zsh, fish

  func script(_ commands: [Syntax]) -> String {
    switch self {
    case .bash: bash(commands)
    case .zsh: zsh(commands)
    case .fish: fish(commands)
    }
  }

  private func bash(_ commands: [Syntax]) -> String {
    let cases = commands.map { syntax in
      "    \(syntax.name)) words=\"\(syntax.allOptions.map { "--" + $0.name }.joined(separator: " "))\" ;;"
    }
    return """
      # For bash: source <(varve completions bash)
      _varve() {
        local word="${COMP_WORDS[COMP_CWORD]}" words=""
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(commands.map(\.name).joined(separator: " "))" -- "$word"))
          return
        fi
        case "${COMP_WORDS[1]}" in
      \(cases.joined(separator: "\n"))
        esac
        if [[ "$word" == -* ]]; then
          COMPREPLY=($(compgen -W "$words" -- "$word"))
        else
          COMPREPLY=($(compgen -f -- "$word"))
        fi
      }
      complete -o filenames -F _varve varve

      """
  }

  private func zsh(_ commands: [Syntax]) -> String {
    let names = commands.map { "    '\($0.name):\(Self.quoted($0.summary))'" }
    let cases = commands.map { syntax in
      let options = syntax.allOptions.map { option in
        let value = option.value.map { ":\($0):" } ?? ""
        return "'--\(option.name)[\(Self.quoted(option.help))]\(value)'"
      }
      return "    \(syntax.name)) _arguments \(options.joined(separator: " ")) '*:file:_files' ;;"
    }
    return """
      #compdef varve
      # For zsh: varve completions zsh > "${fpath[1]}/_varve"
      _varve() {
        local -a commands
        commands=(
      \(names.joined(separator: "\n"))
        )
        if (( CURRENT == 2 )); then
          _describe 'command' commands
          return
        fi
        local command="$words[2]"
        shift words
        (( CURRENT-- ))
        case "$command" in
      \(cases.joined(separator: "\n"))
        esac
      }
      _varve "$@"

      """
  }

  private func fish(_ commands: [Syntax]) -> String {
    var lines = ["# For fish: varve completions fish > ~/.config/fish/completions/varve.fish"]
    for syntax in commands {
      lines.append(
        "complete -c varve -n __fish_use_subcommand -f -a \(syntax.name) -d '\(Self.quoted(syntax.summary))'"
      )
      for option in syntax.allOptions {
        let short = option.letter.map { " -s \($0)" } ?? ""
        let value = option.value == nil ? "" : " -r"
        lines.append(
          "complete -c varve -n '__fish_seen_subcommand_from \(syntax.name)' -l \(option.name)\(short)\(value) -d '\(Self.quoted(option.help))'"
        )
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Without what would end the quotes, or the brackets, in which it stands.
  private static func quoted(_ text: String) -> String {
    String(text.filter { !"'[]:`$\"".contains($0) })
  }
}
