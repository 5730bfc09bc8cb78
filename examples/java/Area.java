import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** The area of a rectangle: the event and the answer are plain objects. */
public final class Area implements RequestHandler<Area.Rectangle, Area.Answer> {
    /** What the event is read into. */
    public static final class Rectangle {
        private double length;
        private double width;

        public void setLength(double length) {
            this.length = length;
        }

        public void setWidth(double width) {
            this.width = width;
        }
    }

    /** What the answer is written from. */
    public record Answer(double area, String requestId) {
        public double getArea() {
            return area;
        }

        public String getRequestId() {
            return requestId;
        }
    }

    @Override
    public Answer handleRequest(Rectangle event, Context context) {
        context.getLogger().log("area of " + event.length + " by " + event.width + "\n");
        if (event.length < 0) {
            throw new IllegalArgumentException("length: " + event.length + ", must be 0 or more");
        }
        return new Answer(event.length * event.width, context.getAwsRequestId());
    }
}
