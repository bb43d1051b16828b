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
  /// The origins of all that a description names and that is not built in.
  func origins(of description: ModelDescription) -> [KindOrigin] {
    var origins = Set<KindOrigin>()
    func note<Member>(_ registry: KindRegistry<Member>, _ kinds: [String]) {
      for kind in kinds {
        switch (try? registry.entry(kind))?.origin {
        case .plugin(let name, let version):
          origins.insert(KindOrigin(sort: registry.noun, kind: kind, plugin: name, version: version))
        case .program: origins.insert(KindOrigin(sort: registry.noun, kind: kind, plugin: nil, version: nil))
        case .builtin, nil: break
        }
      }
    }
    note(layers, description.layers.map(\.kind))
    note(preprocessing, description.preprocessing.map(\.kind))
    note(postprocessing, description.postprocessing.map(\.kind))
    note(losses, description.loss.map { [$0.kind] } ?? [])
    return origins.sorted { ($0.sort, $0.kind) < ($1.sort, $1.kind) }
  }

  /// What a plugin of that name has registered here; nil where there is none.
  func kinds(ofPlugin plugin: String) -> (version: String, kinds: [String])? {
    var (found, kinds): (String?, [String]) = (nil, [])
    func note<Member>(_ registry: KindRegistry<Member>) {
      for kind in registry.kinds {
        guard case .plugin(plugin, let version)? = (try? registry.entry(kind))?.origin else { continue }
        found = version
        kinds.append("\(registry.noun) '\(kind)'")
      }
    }
    note(layers)
    note(preprocessing)
    note(postprocessing)
    note(losses)
    note(colorMaps)
    return found.map { ($0, kinds) }
  }

  /// The origin that a kind has here; nil where it is not registered.
  func origin(sort: String, kind: String) -> Origin? {
    switch sort {
    case layers.noun: (try? layers.entry(kind))?.origin
    case preprocessing.noun: (try? preprocessing.entry(kind))?.origin
    case postprocessing.noun: (try? postprocessing.entry(kind))?.origin
    case losses.noun: (try? losses.entry(kind))?.origin
    default: nil
    }
  }
}
