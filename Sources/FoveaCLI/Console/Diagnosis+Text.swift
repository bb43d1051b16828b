import Fovea

extension DataSurvey {
  /// What was looked at, in one line.
  var text: String {
    let classes = labels.count > 1 ? " of \(Format.count(labels.count, "class", "classes"))" : ""
    guard parts.count > 1 else { return Format.count(pictures.count, "image") + classes }
    let counts = parts.map { "\(FileName.printable($0.name)) \(Format.grouped($0.dataset.count))" }
    return Format.count(pictures.count, "image") + "\(classes) in \(parts.count) parts: "
      + counts.joined(separator: ", ")
  }
}

extension Diagnosis {
  /// A line for each check, then what it has found.
  ///
  /// - Parameters:
  ///   - data: its path, which is left out of those of its images.
  ///   - width: of the terminal, in columns; nil where lines may be of any length.
  ///   - most: findings to name of each check.
  ///   - page: the folder of the page, where one was written.
  func text(of data: String, width: Int?, naming most: Int, page: String?) -> String {
    var table = TextTable([("check", .left), ("found", .right), ("images", .right), ("threshold", .left)])
    for report in reports {
      table.add([
        report.check, Format.grouped(report.findings.count), Format.grouped(report.pictureCount),
        report.remark.map { report.bound.isEmpty ? $0 : "\(report.bound) (\($0))" } ?? report.bound,
      ])
    }
    var blocks = [table.text(width: width)]
    for report in reports where !report.findings.isEmpty && most > 0 {
      blocks.append(text(report, in: data.hasSuffix("/") ? data : data + "/", width, most))
    }
    let defects = findings.count { $0.weight == .defect }
    blocks.append(
      findings.isEmpty
        ? "Nothing was found."
        : "\(Format.count(findings.count, "finding")), of which \(defects) \(defects == 1 ? "is" : "are") certain to be wrong"
          + (page.map { ". With pictures: \(($0.hasSuffix("/") ? $0 : $0 + "/").printable)\(DoctorPage.fileName)" }
            ?? ""))
    return blocks.joined(separator: "\n\n")
  }

  private func text(_ report: CheckReport, in folder: String, _ width: Int?, _ most: Int) -> String {
    var lines = ["\(report.check): \(report.summary)"]
    var advice: String?
    for finding in report.findings.prefix(most) {
      let paths = finding.pictures.prefix(6).map { picture in
        let path = survey.path(of: picture)
        return FileName.printable(path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path)
      }
      let rest = finding.pictures.count - paths.count
      let files = paths.joined(separator: ", ") + (rest > 0 ? " and \(Format.grouped(rest)) more" : "")
      lines.append("  " + [FileName.printable(finding.text), files].filter { !$0.isEmpty }.joined(separator: ": "))
      if finding.advice != advice { lines.append("    → \(finding.advice)") }
      advice = finding.advice
    }
    let rest = report.findings.count - most
    if rest > 0 { lines.append("  and \(Format.grouped(rest)) more") }
    return lines.flatMap { line in
      let indent = String(line.prefix { $0 == " " })
      return width.map { line.dropFirst(indent.count).description.wrapped(to: $0 - indent.count).map { indent + $0 } }
        ?? [line]
    }.joined(separator: "\n")
  }
}
