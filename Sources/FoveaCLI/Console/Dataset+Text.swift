import Fovea

extension Dataset {
  /// What was read, in one line: `7,005 images of 2 classes: cats 3,500, dogs 3,505`.
  var text: String {
    let isSingle = targetDescriptions.count == 1
    return Format.count(count, "image") + " "
      + targetDescriptions.indices.map { text(of: $0, named: !isSingle) }.joined(separator: "; ")
  }

  private func text(of target: Int, named: Bool) -> String {
    let description = targetDescriptions[target]
    let (labels, name) = (description.labels, named ? " (\(FileName.printable(description.name)))" : "")
    switch description.kind {
    case .labels: return "with \(Format.count(labels.count, "label"))\(name)" + text(labels, counts(target: target))
    case .numbers: return "with \(Format.count(labels.count, "number"))\(name): " + ranges(target)
    default:
      return "of \(Format.count(labels.count, "class", "classes"))\(name)" + text(labels, counts(target: target))
    }
  }

  private func text(_ labels: [String], _ counts: [Int]) -> String {
    guard labels.count > Self.mostListed, let least = counts.min(), let most = counts.max() else {
      return ": " + Self.list(labels, counts)
    }
    return
      (least == most
      ? ", \(Format.grouped(least)) each" : ", \(Format.grouped(least)) to \(Format.grouped(most)) each")
      + ": " + Self.list(labels, Array(counts.prefix(Self.mostListed / 2))) + ", …"
  }

  private func ranges(_ target: Int) -> String {
    guard case .numbers(let rows) = targets(of: Array(0..<count), target: target) else { return "" }
    let labels = targetDescriptions[target].labels
    let ranges = labels.indices.prefix(Self.mostListed).map { index in
      let values = (0..<rows.count).map { rows[$0][rows[$0].startIndex + index] }
      let (least, most) = (values.min() ?? 0, values.max() ?? 0)
      return "\(FileName.printable(labels[index])) \(NumberText.short(least)) to \(NumberText.short(most))"
    }
    return (ranges + (labels.count > Self.mostListed ? ["…"] : [])).joined(separator: ", ")
  }

  /// The classes and labels without an image: `cats, dogs`. Nil where there is none.
  var emptyClasses: String? {
    let empty = targetDescriptions.indices.flatMap { target in
      zip(targetDescriptions[target].labels, counts(target: target)).filter { $0.1 == 0 }.map {
        FileName.printable($0.0)
      }
    }
    guard !empty.isEmpty else { return nil }
    return empty.prefix(Self.mostListed).joined(separator: ", ")
      + (empty.count > Self.mostListed ? " and \(Format.grouped(empty.count - Self.mostListed)) more" : "")
  }

  /// More classes than this make a line that nobody reads.
  private static let mostListed = 12

  private static func list(_ labels: [String], _ counts: [Int]) -> String {
    zip(labels, counts).map { "\(FileName.printable($0)) \(Format.grouped($1))" }.joined(separator: ", ")
  }
}

extension Toolbox {
  /// Says what is worth knowing of how data was read, each thing once.
  func tell(_ remarks: [DataRemark]) {
    var told: Set<DataRemark> = []
    for remark in remarks where told.insert(remark).inserted {
      if remark.isWarning { warn(remark.text) } else { note(remark.text) }
    }
  }
}
