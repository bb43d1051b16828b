import Foundation
import FoveaCore

extension ModelDescription {
  /// Puts the contents of YAML or JSON files in the place of layers' settings that read `{file: path}`, so that a long
  /// table, such as the codes of an output layer, need not stand in the description. A path counts from the
  /// description's folder. What is built of the description, and saved, holds the contents.
  mutating func insertFiles(relativeTo folder: URL) throws(DescriptionError) {
    for index in layers.indices {
      for (key, value) in layers[index].configuration {
        guard case .object(let members) = value, members.count == 1, case .string(let path)? = members["file"] else {
          continue
        }
        let file = URL(fileURLWithPath: path, relativeTo: folder)
        layers[index].configuration[key] = try ConfigurationValue(yamlFile: file.path)
      }
    }
  }
}
