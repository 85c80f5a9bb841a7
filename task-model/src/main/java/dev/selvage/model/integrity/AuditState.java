package dev.selvage.model.integrity;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.selvage.model.Transitions;
import java.util.List;

/** Where an audit stands; what leads where is in {@link #TRANSITIONS}. */
public enum AuditState {
    /** The buyer has committed to a number; a prover gives its own next. */
    @JsonProperty("AwaitingAnswer")
    AWAITING_ANSWER("AwaitingAnswer"),
    /** Both are bound; the buyer reveals its number next. */
    @JsonProperty("AwaitingReveal")
    AWAITING_REVEAL("AwaitingReveal"),
    /** The challenge is known; the prover hands over its proof. */
    @JsonProperty("AwaitingProof")
    AWAITING_PROOF("AwaitingProof"),
    /** The prover has recorded the digest of its proof; the buyer judges it. */
    @JsonProperty("AwaitingVerdict")
    AWAITING_VERDICT("AwaitingVerdict"),
    @JsonProperty("Accepted")
    ACCEPTED("Accepted"),
    @JsonProperty("Rejected")
    REJECTED("Rejected"),
    @JsonProperty("Aborted")
    ABORTED("Aborted"),
    @JsonProperty("NoAnswer")
    NO_ANSWER("NoAnswer"),
    @JsonProperty("NoReveal")
    NO_REVEAL("NoReveal"),
    @JsonProperty("NoProof")
    NO_PROOF("NoProof"),
    @JsonProperty("NoVerdict")
    NO_VERDICT("NoVerdict");

    /** The life of an audit. The state before the first is null. */
    public static final Transitions<AuditState> TRANSITIONS = new Transitions<>(List.of(
            new Transitions.Row<>(null, "open", AWAITING_ANSWER),
            new Transitions.Row<>(AWAITING_ANSWER, "answer", AWAITING_REVEAL),
            new Transitions.Row<>(AWAITING_ANSWER, "abort", ABORTED),
            new Transitions.Row<>(AWAITING_ANSWER, "expire", NO_ANSWER),
            new Transitions.Row<>(AWAITING_REVEAL, "reveal", AWAITING_PROOF),
            new Transitions.Row<>(AWAITING_REVEAL, "abort", ABORTED),
            new Transitions.Row<>(AWAITING_REVEAL, "expire", NO_REVEAL),
            new Transitions.Row<>(AWAITING_PROOF, "proof", AWAITING_VERDICT),
            new Transitions.Row<>(AWAITING_PROOF, "accept", ACCEPTED),
            new Transitions.Row<>(AWAITING_PROOF, "reject", REJECTED),
            new Transitions.Row<>(AWAITING_PROOF, "abort", ABORTED),
            new Transitions.Row<>(AWAITING_PROOF, "expire", NO_PROOF),
            new Transitions.Row<>(AWAITING_VERDICT, "accept", ACCEPTED),
            new Transitions.Row<>(AWAITING_VERDICT, "reject", REJECTED),
            new Transitions.Row<>(AWAITING_VERDICT, "abort", ABORTED),
            new Transitions.Row<>(AWAITING_VERDICT, "expire", NO_VERDICT)));

    private final String label;

    AuditState(String label) {
        this.label = label;
    }

    /** Whether nothing can follow. */
    public boolean ended() {
        return TRANSITIONS.isFinal(this);
    }

    @Override
    public String toString() {
        return label;
    }
}
