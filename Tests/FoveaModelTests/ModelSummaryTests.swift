import Foundation
import FoveaCore
import FoveaModel
import Testing

@Suite struct ModelSummaryTests {
  private func summary() throws -> ModelSummary {
    ModelSummary(try Model(.test, registry: .test(), seed: 1))
  }

  @Test func countsByLayerAndInAll() throws {
    let summary = try summary()
    #expect(summary.layers.map(\.name) == ["first", "shift1"])
    #expect(summary.layers.map(\.parameters) == [9, 9])
    #expect(summary.layers.map(\.trainable) == [3, 3])
    #expect(summary.layers.map(\.connections) == [24, 24])
    #expect((summary.parameters, summary.trainable, summary.connections) == (18, 6, 48))
  }

  @Test func theKeysInJSONAreFixed() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = String(decoding: try encoder.encode(try summary()), as: UTF8.self)
    let layer = { (name: String) in
      #"{"connections":24,"kind":"shift","name":"\#(name)","outputShape":[3,2,2],"parameters":9,"trainable":3}"#
    }
    #expect(
      json
        == #"{"connections":48,"layers":[\#(layer("first")),\#(layer("shift1"))],"parameters":18,"trainable":6}"#)
  }

  @Test func theTableIsAligned() throws {
    #expect(
      try summary().table() == """
        layer   kind   output  parameters  trainable  connections
        ─────────────────────────────────────────────────────────
        first   shift  3×2×2            9          3           24
        shift1  shift  3×2×2            9          3           24
        ─────────────────────────────────────────────────────────
        sum                            18          6           48
        """)
  }

  @Test func onANarrowTerminalEachLayerIsAParagraph() throws {
    let lines = try summary().table(width: 40).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 40 })
    #expect(
      lines[1...4] == [
        "first", "  kind shift, output 3×2×2,", "  parameters 9, trainable 3,", "  connections 24",
      ])
  }
}
