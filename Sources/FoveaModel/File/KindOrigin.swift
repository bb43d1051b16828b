import FoveaCore

/// Where a kind that a model names came from when the model was saved. Built-in kinds are not noted.
public struct KindOrigin: Sendable, Codable, Hashable {
  /// What it is, in the registry's words: `layer`, `loss`, `preprocessing step`, `postprocessing step`.
  public let sort: String
  public let kind: String
  /// The plugin's name and version; nil where the program itself had registered the kind.
  public let plugin: String?
  public let version: String?
}

extension Registry {
  /// The origins of those kinds that are not built in.
  package func origins(of named: [(noun: String, kind: String)]) -> [KindOrigin] {
    let origins = named.compactMap { noun, kind -> KindOrigin? in
      switch registered(noun, kind)?.origin {
      case .plugin(let name, let version): KindOrigin(sort: noun, kind: kind, plugin: name, version: version)
      case .program: KindOrigin(sort: noun, kind: kind, plugin: nil, version: nil)
      case .builtin, nil: nil
      }
    }
    return Set(origins).sorted { ($0.sort, $0.kind) < ($1.sort, $1.kind) }
  }

  /// What a plugin of that name has registered here; nil where there is none.
  func kinds(ofPlugin plugin: String) -> (version: String, kinds: [String])? {
    var (found, kinds): (String?, [String]) = (nil, [])
    for kind in registered {
      guard case .plugin(plugin, let version) = kind.origin else { continue }
      found = version
      kinds.append("\(kind.noun) '\(kind.kind)'")
    }
    return found.map { ($0, kinds) }
  }
}

extension ModelDescription {
  /// All kinds that it names, each with the noun of its sort.
  var namedKinds: [(noun: String, kind: String)] {
    func named<Member>(_ sort: Sort<Member>, _ kinds: [String]) -> [(noun: String, kind: String)] {
      kinds.map { (sort.noun, $0) }
    }
    return named(.layers, layers.map(\.kind)) + named(.preprocessing, preprocessing.map(\.kind))
      + named(.postprocessing, outputs.flatMap(\.postprocessing).map(\.kind))
      + named(.losses, outputs.compactMap(\.loss?.kind))
  }
}
