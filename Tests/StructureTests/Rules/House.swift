/// The modules and which way their imports point: down only.
///
///     VarveTool -> VarveCommand, VarveTesting -> Varve -> VarveSystem, VarveFormat -> C targets
enum House {
  static let codecs: Set<String> = ["CZlib", "CSnappy", "CLZ4", "CZstd"]

  /// What each module of Swift may import of the others.
  static let imports: [String: Set<String>] = [
    "VarveFormat": codecs.union(["CVarveBytes"]),
    "VarveSystem": ["CVarveSystem", "CLiburing"],
    "Varve": ["VarveFormat", "VarveSystem"],
    "VarveTesting": ["Varve", "VarveFormat", "VarveSystem"],
    "VarveCommand": ["Varve", "VarveFormat", "VarveSystem"],
    "VarveTool": ["Varve", "VarveCommand", "VarveFormat", "VarveSystem"],
  ]

  static let cTargets: Set<String> = codecs.union(["CVarveBytes", "CVarveSystem", "CLiburing"])

  static func isModule(_ name: String) -> Bool {
    imports[name] != nil || cTargets.contains(name)
  }

  /// Parts of the toolchain that bring no operating system along.
  static func isToolchainModule(_ name: String) -> Bool {
    ["Swift", "Synchronization"].contains(name) || name.hasPrefix("_Builtin")
  }
}
