import FoveaCore

/// What checks have found in a data set.
public struct Diagnosis: Sendable {
  public let survey: DataSurvey
  public let reports: [CheckReport]

  /// - Parameter checks: in the order in which they are told.
  public init(_ survey: DataSurvey, checks: [any DataCheck]) {
    self.survey = survey
    reports = checks.map { $0.report(on: survey) }
  }

  public var findings: [Finding] { reports.flatMap(\.findings) }

  /// Whether something is wrong for certain; see ``Finding/Weight``.
  public var hasDefects: Bool { findings.contains { $0.weight == .defect } }
}

extension Diagnosis: Encodable {
  private struct Written: Encodable {
    struct File: Encodable {
      let path: String
      let part: String?
      let label: String?

      enum CodingKeys: String, CodingKey {
        case path, part
        case label = "class"
      }
    }

    let kind: String
    let weight: Finding.Weight
    let text: String
    let figure: Double?
    let threshold: Double?
    let advice: String
    let across: [String]
    let files: [File]
  }

  private struct Summary: Encodable {
    struct Check: Encodable {
      let findings: Int
      let pictures: Int
      let threshold: String
      let remark: String?
    }

    let pictures: Int
    let unreadable: Int
    let findings: Int
    let defects: Int
    let classes: [String: Int]
    let parts: [String: Int]
    let checks: [String: Check]
    let remarks: [String]
  }

  private enum Key: CodingKey { case summary, findings }

  /// One object for each finding, with its kind and its files, and a summary.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    let checks = reports.map { report in
      (
        report.check,
        Summary.Check(
          findings: report.findings.count, pictures: report.pictureCount, threshold: report.bound, remark: report.remark
        )
      )
    }
    try container.encode(
      Summary(
        pictures: survey.pictures.count, unreadable: survey.pictures.count { $0.failure != nil },
        findings: findings.count, defects: findings.count { $0.weight == .defect },
        classes: Dictionary(zip(survey.labels, survey.classCounts), uniquingKeysWith: +),
        parts: Dictionary(survey.parts.map { ($0.name, $0.dataset.count) }, uniquingKeysWith: +),
        checks: Dictionary(checks, uniquingKeysWith: { first, _ in first }), remarks: survey.remarks.map(\.text)),
      forKey: .summary)
    let written = reports.flatMap { report in
      report.findings.map { finding in
        Written(
          kind: report.check, weight: finding.weight, text: finding.text, figure: finding.figure,
          threshold: finding.threshold, advice: finding.advice, across: finding.across,
          files: finding.pictures.map { number in
            let picture = survey.pictures[number]
            return Written.File(
              path: survey.path(of: number), part: survey.parts.count > 1 ? survey.parts[picture.part].name : nil,
              label: picture.label.map { survey.labels[$0] })
          })
      }
    }
    try container.encode(written, forKey: .findings)
  }
}
